using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>Whose figures an administrator looks at: chosen on one page, kept on the next. One a circuit. Everybody else sees the own account anyway.</summary>
public sealed class ScopeChoice
{
    /// <summary>In an address, the own account.</summary>
    public const string Mine = "mine";

    /// <summary>In an address, everybody.</summary>
    public const string All = "all";

    public bool OnlyOwn { get; private set; }

    /// <summary>What an address says counts from now on; if it says nothing, what was said before.</summary>
    public void Choose(string? address) => OnlyOwn = address switch { Mine => true, All => false, _ => OnlyOwn };

    public UsageScope For(bool isAdministrator) => isAdministrator && !OnlyOwn ? new UsageScope.Everybody() : new UsageScope.Own();
}
