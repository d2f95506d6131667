using Microsoft.AspNetCore.Identity;
using OtpNet;

namespace NexLlm.Dashboard.Accounts.TwoStep;

/// <summary>
/// Checks the codes of authenticator apps. Identity's own provider goes by the system's clock and accepts a code as often as it is shown
/// while it is valid; this one goes by the program's clock and accepts each once.
/// </summary>
internal sealed class AuthenticatorCodes(TimeProvider clock) : AuthenticatorTokenProvider<Account>
{
    /// <summary>The longest entry that is looked at; longer ones are no code.</summary>
    public const int MaxTypedLength = 16;

    private const int KeyBytes = 20;

    // The code of now, the one before and the one after: clocks differ, and typing takes a while.
    private static readonly VerificationWindow _window = new(previous: 1, future: 1);

    /// <summary>A random key, in Base32.</summary>
    public static string NewKey() => Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(KeyBytes));

    /// <summary>Which step's code it is, in 30 seconds since 1970; null if it is of none that counts now.</summary>
    public static long? StepOf(string key, string? typed, DateTimeOffset now)
    {
        var code = typed is { Length: <= MaxTypedLength } ? typed.Replace(" ", "", StringComparison.Ordinal) : "";
        return code.Length == 6 && new Totp(Base32Encoding.ToBytes(key)).VerifyTotp(now.UtcDateTime, code, out var step, _window) ? step : null;
    }

    /// <summary>Whether the code is right and newer than the last one. It is used up when the caller, who holds the write transaction, saves.</summary>
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
