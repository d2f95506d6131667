using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>What the wizard asks for in step 6.</summary>
/// <param name="RequestId">Chosen when the wizard opens; asking again with it makes no second key.</param>
/// <param name="Name">As typed; trimmed and checked by the service.</param>
/// <param name="Policy">What the key may do.</param>
public sealed record CreateKey(Guid RequestId, string Name, KeyPolicy Policy);

/// <summary>An edit of one version of a key; fields that are null stay as they are.</summary>
/// <param name="Id">The key.</param>
/// <param name="Version">The version that the person saw.</param>
/// <param name="Name">The new name.</param>
/// <param name="Expiration">Null if the field was not touched, so that no instant is ever rewritten by accident.</param>
/// <param name="Quota">What happens to the limit.</param>
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
    /// <param name="tokenLimit">After <see cref="Quota"/>, which depends on what is used.</param>
    public KeyPolicy Apply(KeyPolicy before, long? tokenLimit) => new(
        Expiration ?? before.Expiration, tokenLimit, Models ?? before.Models, Ips ?? before.Ips, GroupId ?? before.GroupId);
}

/// <summary>How an edit changes the limit; always relative to what is used at the moment of saving.</summary>
public abstract record QuotaChange
{
    private QuotaChange()
    {
    }

    /// <summary>limit += tokens. Refused for an unlimited key.</summary>
    public sealed record Add(long Tokens) : QuotaChange;

    /// <summary>limit = tokens; below what is used, the key is exhausted at once.</summary>
    public sealed record SetLimit(long Tokens) : QuotaChange;

    /// <summary>limit = used + tokens: Unlimited Quota is turned off with this much remaining.</summary>
    public sealed record SetRemaining(long Tokens) : QuotaChange;

    /// <summary>No limit of its own.</summary>
    public sealed record Unlimited : QuotaChange;
}

/// <summary>What came of creating a key.</summary>
public abstract record CreateOutcome
{
    private CreateOutcome()
    {
    }

    /// <summary>The only time that the secret exists outside its owner's hands.</summary>
    public sealed record Created(KeyDetails Key, KeySecret Secret) : CreateOutcome;

    /// <summary>This request already made a key; its secret cannot be shown again.</summary>
    public sealed record AlreadyCreated(KeyDetails Key) : CreateOutcome;

    public sealed record Refused(IReadOnlyList<FieldError> Errors) : CreateOutcome;
}

/// <summary>What came of an edit.</summary>
public abstract record EditOutcome
{
    private EditOutcome()
    {
    }

    public sealed record Saved(KeyDetails Key) : EditOutcome;

    /// <summary>Somebody saved another version meanwhile; nothing was written.</summary>
    public sealed record Conflict(KeyDetails Current) : EditOutcome;

    public sealed record Refused(IReadOnlyList<FieldError> Errors) : EditOutcome;

    /// <summary>No such key, or it is not the actor's to edit.</summary>
    public sealed record NotFound : EditOutcome;
}

/// <summary>What came of bringing deleted keys back.</summary>
/// <param name="Restored">The keys that live again, under these names.</param>
/// <param name="TooLate">How many could not: the time is over, or they are not the actor's.</param>
/// <param name="OverLimit">How many could not because the account has as many live keys as it may.</param>
public sealed record RestoreOutcome(IReadOnlyList<KeyDetails> Restored, int TooLate, int OverLimit);

/// <summary>What is wrong with one option, in words for the person who filled it in.</summary>
/// <param name="Option">Null for the key as a whole.</param>
public sealed record FieldError(KeyOption? Option, string Message)
{
    public static FieldError NameTaken(string name) => new(KeyOption.Name, $"You already have a key named “{name}”. Choose another name.");

    public static FieldError NotServed(string group, IReadOnlyCollection<string> models) =>
        new(KeyOption.ModelRestrictions, $"Not available in group {group}: {string.Join(", ", models)}. Remove {(models.Count == 1 ? "it" : "them")} or choose another group.");
}
