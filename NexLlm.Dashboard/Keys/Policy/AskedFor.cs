using System.Net;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>What a rejected request asked for, so that its error can name it.</summary>
/// <param name="Model">As the client wrote it.</param>
/// <param name="Address">Where the request came from.</param>
/// <param name="Tokens">The most that it could be charged.</param>
/// <param name="Quota">Of the key and its account at that moment.</param>
/// <param name="Endpoints">Where the model can be called, in words.</param>
public readonly record struct AskedFor(
    string? Model = null, IPAddress? Address = null, long Tokens = 0, QuotaSnapshot? Quota = null, string? Endpoints = null);
