using Microsoft.AspNetCore.Identity;
using OtpNet;

namespace NexLlm.Dashboard.Accounts.TwoStep;

/// <summary>
/// Verifies authenticator codes. Identity's own provider uses the system clock and accepts a code repeatedly while it is valid; this one
/// uses the application's clock and accepts each code once.
/// </summary>
internal sealed class AuthenticatorCodes(TimeProvider clock) : AuthenticatorTokenProvider<Account>
{
    /// <summary>The maximum length of an entry; anything longer can't be a code.</summary>
    public const int MaxTypedLength = 16;

    private const int KeyBytes = 20;

    // Accepts the current, the previous and the next code: clocks differ, and typing takes time.
    private static readonly VerificationWindow _window = new(previous: 1, future: 1);

    /// <summary>Creates a random key in Base32.</summary>
    public static string NewKey() => Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(KeyBytes));

    /// <summary>Returns the code's time step, counted in 30-second steps since 1970; null if the code isn't currently valid.</summary>
    public static long? StepOf(string key, string? typed, DateTimeOffset now)
    {
        var code = typed is { Length: <= MaxTypedLength } ? typed.Replace(" ", "", StringComparison.Ordinal) : "";
        return code.Length == 6 && new Totp(Base32Encoding.ToBytes(key)).VerifyTotp(now.UtcDateTime, code, out var step, _window) ? step : null;
    }

    /// <summary>
    /// Whether the code is valid and newer than the last one used. It is used up when the caller, who holds the write transaction, saves.
    /// </summary>
    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<Account> manager, Account user)
    {
        if (await manager.GetAuthenticatorKeyAsync(user) is not { } key
            || StepOf(key, token, clock.GetUtcNow()) is not { } step
            || step <= user.LastAuthenticatorStep)
        {
            return false;
        }

        user.LastAuthenticatorStep = step;
        return true;
    }
}
