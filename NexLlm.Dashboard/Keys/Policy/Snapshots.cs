using System.Collections.Frozen;
using System.Net;

namespace NexLlm.Dashboard.Keys.Policy;

// What the evaluator looks at: values that nobody changes while it looks.

public sealed record KeySnapshot(bool Enabled, KeyPolicy Policy);

public readonly record struct AccountSnapshot(bool Active);

/// <param name="Models">Ids served by an enabled channel of the group, compared exactly.</param>
public sealed record GroupSnapshot(long Id, string Name, FrozenSet<string> Models);

public readonly record struct QuotaSnapshot(TokenQuota Key, TokenQuota Account);

/// <param name="Address">Where the request comes from; null when that is not known.</param>
/// <param name="Tokens">The most that the request can be charged; 0 asks whether any request at all would do.</param>
public readonly record struct RequestFacts(string? Model, IPAddress? Address, long Tokens);

/// <summary>One check of an explanation.</summary>
/// <param name="Verdict">What the answer is when this is the first check that does not pass.</param>
/// <param name="Sentence">For the key's owner; never sent to a caller.</param>
public sealed record CheckResult(Verdict Verdict, bool Passed, string Sentence);
