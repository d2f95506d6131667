using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>The request the wizard makes in step 6.</summary>
/// <param name="RequestId">Chosen when the wizard opens; repeating the request creates no second key.</param>
/// <param name="Name">As typed; trimmed and validated by the service.</param>
/// <param name="Policy">The policy of the new key.</param>
public sealed record CreateKey(Guid RequestId, string Name, KeyPolicy Policy);

/// <summary>An edit of one version of a key; null fields are unchanged.</summary>
/// <param name="Id">The key.</param>
/// <param name="Version">The version the user saw.</param>
/// <param name="Name">The new name.</param>
/// <param name="Expiration">Null if the field was not edited, so that no instant is rewritten by accident.</param>
/// <param name="Quota">The change of the limit.</param>
/// <param name="Models">The new restriction.</param>
/// <param name="Ips">The new allowlist.</param>
/// <param name="GroupId">The new group.</param>
public sealed record EditKey(
    long Id,
    long Version,
    string? Name = null,
    Expiration? Expiration = null,
    QuotaChange? Quota = null,
    ModelRestriction? Models = null,
    IpAllowlist? Ips = null,
    long? GroupId = null)
{
    /// <param name="tokenLimit">The limit after <see cref="Quota"/> is applied, which depends on the usage.</param>
    public KeyPolicy Apply(KeyPolicy before, long? tokenLimit) => new(
        Expiration ?? before.Expiration, tokenLimit, Models ?? before.Models, Ips ?? before.Ips, GroupId ?? before.GroupId);
}

/// <summary>A change of the limit, relative to the usage when it is saved.</summary>
public abstract record QuotaChange
{
    private QuotaChange()
    {
    }

    /// <summary>limit += tokens. Rejected for an unlimited key.</summary>
    public sealed record Add(long Tokens) : QuotaChange;

    /// <summary>limit = tokens. If that is below the usage, the key is exhausted immediately.</summary>
    public sealed record SetLimit(long Tokens) : QuotaChange;

    /// <summary>limit = used + tokens, to turn off Unlimited Quota with this remaining quota.</summary>
    public sealed record SetRemaining(long Tokens) : QuotaChange;

    /// <summary>Removes the key's own limit.</summary>
    public sealed record Unlimited : QuotaChange;
}

/// <summary>The result of creating a key.</summary>
public abstract record CreateOutcome
{
    private CreateOutcome()
    {
    }

    /// <summary>The only time the secret exists outside its owner's hands.</summary>
    public sealed record Created(KeyDetails Key, KeySecret Secret) : CreateOutcome;

    /// <summary>This request has already created a key, whose secret can't be shown again.</summary>
    public sealed record AlreadyCreated(KeyDetails Key) : CreateOutcome;

    public sealed record Refused(IReadOnlyList<FieldError> Errors) : CreateOutcome;
}

/// <summary>The result of an edit.</summary>
public abstract record EditOutcome
{
    private EditOutcome()
    {
    }

    public sealed record Saved(KeyDetails Key) : EditOutcome;

    /// <summary>Another version was saved first; nothing was written.</summary>
    public sealed record Conflict(KeyDetails Current) : EditOutcome;

    public sealed record Refused(IReadOnlyList<FieldError> Errors) : EditOutcome;

    /// <summary>The key doesn't exist, or the actor can't edit it.</summary>
    public sealed record NotFound : EditOutcome;
}

/// <summary>The result of restoring deleted keys.</summary>
/// <param name="Restored">The restored keys, with their current names.</param>
/// <param name="TooLate">The number not restored because they expired or are not the actor's.</param>
/// <param name="OverLimit">The number not restored because the account is at its key limit.</param>
public sealed record RestoreOutcome(IReadOnlyList<KeyDetails> Restored, int TooLate, int OverLimit);

/// <summary>A validation error of one option, worded for the user.</summary>
/// <param name="Option">Null for the key as a whole.</param>
public sealed record FieldError(KeyOption? Option, string Message)
{
    public static FieldError NameTaken(string name) => new(KeyOption.Name, $"You already have a key named “{name}”. Choose another name.");

    public static FieldError NotServed(string group, IReadOnlyCollection<string> models) =>
        new(KeyOption.ModelRestrictions, $"Not available in group {group}: {string.Join(", ", models)}. Remove {(models.Count == 1 ? "it" : "them")} or choose another group.");
}
