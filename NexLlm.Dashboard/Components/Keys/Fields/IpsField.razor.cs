using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

public sealed partial class IpsField(CurrentUser user)
{
    [Parameter, EditorRequired]
    public required TextInput<IpAllowlist> Input { get; set; }

    private string? Mine => user.Address is { } address ? IpRange.Of(address).ToString() : null;

    private Task AddAsync(string address)
    {
        var lines = Input.Text.TrimEnd();
        if (lines.Split('\n', StringSplitOptions.TrimEntries).Contains(address))
            return Task.CompletedTask;
        Input.Type(lines.Length == 0 ? address : $"{lines}\n{address}");
        return Changed.InvokeAsync();
    }
}
