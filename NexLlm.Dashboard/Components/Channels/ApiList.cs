using System.Diagnostics.CodeAnalysis;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Components.Keys.Fields;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>The APIs of a channel as edited in the form.</summary>
public sealed class ApiList
{
    public ApiList(IReadOnlyList<ApiSettings> apis) =>
        Rows = [.. UpstreamApis.All.Select(api => new ApiRow(api, apis.FirstOrDefault(a => a.Api == api)))];

    /// <summary>All existing APIs.</summary>
    public IReadOnlyList<ApiRow> Rows { get; }

    /// <summary>The error reported by the service, until something is changed.</summary>
    public string? Rejection { get; set; }

    /// <summary>Whether the user tried to continue, after which missing entries are reported.</summary>
    public bool IsVisited { get; private set; }

    public string? Error => Rejection ?? (IsVisited ? Wrong : null);

    public string? FirstWrong => Enabled.Select(r => r.FirstWrong).FirstOrDefault(id => id is not null) ?? (Wrong is null && Rejection is null ? null : "apis");

    private IEnumerable<ApiRow> Enabled => Rows.Where(r => r.IsEnabled);

    private string? Wrong => ChannelRules.WrongApis([.. Enabled.Select(r => new ApiSettings(r.Api))]);

    public void Enable(ApiRow row, bool enabled)
    {
        Rejection = null;
        row.IsEnabled = enabled;
    }

    /// <summary>Applies the default APIs of the new type unless the user has changed them.</summary>
    public void Follow(ChannelType before, ChannelType now)
    {
        if (Read() is { } chosen && chosen.SequenceEqual(ApiSettings.DefaultsOf(before)))
        {
            var defaults = now.DefaultApis();
            Rows.ToList().ForEach(r => Enable(r, defaults.Contains(r.Api)));
        }
    }

    /// <summary>Enables the APIs a test found available and disables the unavailable ones; undetermined ones are unchanged.</summary>
    public void Follow(IReadOnlyList<ApiFinding> findings)
    {
        foreach (var finding in Against(findings).ToList())
        {
            Enable(Rows.First(r => r.Api == finding.Api), finding.IsOffered is true);
        }
    }

    /// <summary>The findings that contradict the selection.</summary>
    public IEnumerable<ApiFinding> Against(IReadOnlyList<ApiFinding> findings) =>
        findings.Where(f => f.IsOffered is { } offered && Rows.First(r => r.Api == f.Api).IsEnabled != offered);

    public void ShowErrors()
    {
        IsVisited = true;
        Rows.ToList().ForEach(r => r.ShowErrors());
    }

    /// <summary>Null while an entry is invalid.</summary>
    public IReadOnlyList<ApiSettings>? Read() => FirstWrong is null ? [.. Enabled.Select(r => r.Read())] : null;

    /// <summary>The entries as typed, valid or not, for use in a test.</summary>
    public IReadOnlyList<ApiSettings> Typed() => [.. Enabled.Select(r => new ApiSettings(r.Api, r.BaseUrl.Text))];

    public string State() => string.Join('\n', Enabled.Select(r => $"{r.Api}\t{r.BaseUrl.Text}"));
}

/// <summary>One API: whether it is enabled, and its URL.</summary>
public sealed class ApiRow
{
    public ApiRow(UpstreamApi api, ApiSettings? stored)
    {
        Api = api;
        IsEnabled = stored is not null;
        IsOpen = stored?.BaseUrl is not null;
        BaseUrl = new(stored?.BaseUrl ?? "", ReadUrl);
    }

    public UpstreamApi Api { get; }

    public bool IsEnabled { get; set; }

    /// <summary>Whether its base URL is shown.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Blank for the channel's base URL.</summary>
    public TextInput<string?> BaseUrl { get; }

    public string BaseUrlId => $"api-{Api}-base-url";

    public string? FirstWrong => BaseUrl.Error is null ? null : BaseUrlId;

    public void ShowErrors()
    {
        BaseUrl.IsVisited = true;
        IsOpen |= FirstWrong is not null;
    }

    public ApiSettings Read() => new(Api, BaseUrl.TryRead(out var url) ? url : null);

    private static bool ReadUrl(string text, out string? value, [NotNullWhen(false)] out string? error)
    {
        (value, error) = (null, null);
        return string.IsNullOrWhiteSpace(text) || ChannelRules.TryReadBaseUrl(text, out value, out error);
    }
}
