using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.LogIn;

namespace NexLlm.Dashboard.Accounts.SignUp;

/// <summary>
/// Lets anyone create an account, unless the operator has closed sign-up. It unavoidably
/// reveals whether an email has an account; the rate limit per address prevents harvesting.
/// </summary>
public sealed class SignUpService(AccountCreation creation, AddressLimiter addresses, IOptions<AccountsOptions> options)
{
    public bool IsOpen => options.Value is { SignUp: SignUpMode.Open, PasswordLogIn: PasswordLogIn.On };

    /// <summary>The initial overall quota of a new account, in charged tokens.</summary>
    public long StartingTokens => options.Value.SignUpTokens;

    public async Task<NewAccountOutcome> SignUpAsync(Actor actor, NewAccount request, CancellationToken cancellation = default)
    {
        if (!IsOpen)
        {
            return new NewAccountOutcome.Closed();
        }

        if (addresses.Take(AddressAllowance.Entries, actor.Address) is { } pause)
        {
            return new NewAccountOutcome.TooMany(pause);
        }

        if (creation.Check(request) is { } invalid)
        {
            return invalid;
        }

        return addresses.Take(AddressAllowance.SignUp, actor.Address) is { } wait
            ? new NewAccountOutcome.TooMany(wait)
            : await creation.CreateAsync(
                actor, request, StartingTokens, role: null, emailConfirmed: false, (_, _) => Task.FromResult<NewAccountOutcome?>(null), cancellation);
    }
}
