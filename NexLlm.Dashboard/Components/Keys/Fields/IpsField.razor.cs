using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

public sealed partial class IpsField
{
    [Parameter, EditorRequired]
    public TextInput<IpAllowlist> Input { get; set; } = default!;

    private string? Mine => Person.Address is { } address ? IpRange.Of(address).ToString() : null;

    private Task TypeAsync(string? text)
    {
        Input.Type(text);
        return Changed.InvokeAsync();
    }

    private Task AddAsync(string address)
    {
        var lines = Input.Text.TrimEnd();
        var isListed = lines.Split('\n', StringSplitOptions.TrimEntries).Contains(address);
        return isListed ? Task.CompletedTask : TypeAsync(lines.Length == 0 ? address : $"{lines}\n{address}");
    }

    private Task LeaveAsync()
    {
        Input.IsVisited = true;
        return Changed.InvokeAsync();
    }
}
