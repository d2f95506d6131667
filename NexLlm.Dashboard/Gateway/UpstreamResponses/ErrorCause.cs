namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>What an upstream's error is about, where its status does not tell.</summary>
internal enum ErrorCause
{
    /// <summary>Nothing of what follows; in a row of the table: whatever it is.</summary>
    Anything,

    /// <summary>The option that asks for usage at the end of a stream, which only the gateway sent.</summary>
    UsageOption,

    /// <summary>The provider key.</summary>
    ProviderKey,

    /// <summary>The account at the provider has run out of credit.</summary>
    Credit,

    /// <summary>The provider does not have the model, or not for this account.</summary>
    Model,

    /// <summary>What the client wrote is not allowed there.</summary>
    ContentPolicy,
}

internal static class ErrorCauses
{
    /// <summary>
    /// Errors quote what the client sent, so these words prove nothing where an error names a member of the request; and what they
    /// decide never makes a channel rest.
    /// </summary>
    /// <param name="usageAsked">The gateway added the option that asks for usage.</param>
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
            // Of a limit by the minute several providers say that the quota is used up.
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
