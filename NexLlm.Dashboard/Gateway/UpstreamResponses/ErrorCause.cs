namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>The cause of a provider's error if its status doesn't identify it.</summary>
internal enum ErrorCause
{
    /// <summary>None of the others; in a row of the table, any cause.</summary>
    Anything,

    /// <summary>The option for usage at the end of a stream, which only the gateway sent.</summary>
    UsageOption,

    /// <summary>The provider key.</summary>
    ProviderKey,

    /// <summary>The account at the provider is out of credit.</summary>
    Credit,

    /// <summary>The provider doesn't have the model, or not for this account.</summary>
    Model,

    /// <summary>The provider doesn't allow the client's content.</summary>
    ContentPolicy,
}

internal static class ErrorCauses
{
    /// <summary>
    /// Errors quote the client's input, so keywords prove nothing if the error names a request field, and a cause found this way
    /// never pauses a channel.
    /// </summary>
    /// <param name="usageAsked">Whether the gateway added the option that requests usage.</param>
    public static ErrorCause Of(ProviderError error, ReadOnlySpan<byte> body, bool usageAsked)
    {
        if (usageAsked && (body.IndexOf("stream_options"u8) >= 0 || body.IndexOf("include_usage"u8) >= 0))
        {
            return ErrorCause.UsageOption;
        }

        if (error.Param is not (null or "" or "model"))
        {
            return ErrorCause.Anything;
        }

        var byName = ProviderErrorCodes.StatusOf(error.Code) ?? ProviderErrorCodes.StatusOf(error.Type);
        return byName switch
        {
            // Several providers report a per-minute limit as an exhausted quota.
            429 => ErrorCause.Anything,
            401 => ErrorCause.ProviderKey,
            402 => ErrorCause.Credit,
            404 => ErrorCause.Model,
            _ => ByWords(error.Message ?? ""),
        };
    }

    private static ErrorCause ByWords(string message) =>
        Has(message, "content policy", "content_policy", "moderation", "flagged", "safety") ? ErrorCause.ContentPolicy
        : Has(message, "api key", "api_key", "apikey", "x-api-key", "access token") && Has(message, "valid", "incorrect", "expired", "missing", "wrong", "suspended", "revoked", "not found", "unauthorized")
            ? ErrorCause.ProviderKey
        : Has(message, "credit balance", "insufficient balance", "insufficient credit", "insufficient funds", "insufficient_quota", "exceeded your current quota", "arrearage")
            ? ErrorCause.Credit
        : Has(message, "model") && Has(message, "not found", "not exist", "no such", "unknown model", "invalid model", "model id is invalid", "not a valid model", "unsupported model", "not available", "not supported for your account")
            ? ErrorCause.Model
        : ErrorCause.Anything;

    private static bool Has(string message, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (message.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
