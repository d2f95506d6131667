using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>
/// The scope an administrator has selected: set on one page, kept on the next. One per circuit. Members always see their own
/// account.
/// </summary>
public sealed class ScopeChoice
{
    /// <summary>Own account, in URLs.</summary>
    public const string Mine = "mine";

    /// <summary>Everybody, in URLs.</summary>
    public const string All = "all";

    public bool OnlyOwn { get; private set; }

    /// <summary>Applies the scope of a URL; without one, the previous choice is kept.</summary>
    public void Choose(string? address) => OnlyOwn = address switch { Mine => true, All => false, _ => OnlyOwn };

    public UsageScope For(bool isAdministrator) => isAdministrator && !OnlyOwn ? new UsageScope.Everybody() : new UsageScope.Own();
}
