using System.Net;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>What a rejected request asked for, to be named in its error.</summary>
/// <param name="Model">As sent by the client.</param>
/// <param name="Address">The client's address.</param>
/// <param name="Tokens">The maximum charge.</param>
/// <param name="Quota">The quotas of the key and its account at that moment.</param>
/// <param name="Endpoints">The endpoints of the model, in words.</param>
public readonly record struct RejectedRequest(
    string? Model = null, IPAddress? Address = null, long Tokens = 0, QuotaSnapshot? Quota = null, string? Endpoints = null);
