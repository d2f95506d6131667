using Microsoft.AspNetCore.Components;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>A form field, which changes its part of the form in place and notifies the page.</summary>
public abstract class FieldBase : ComponentBase
{
    /// <summary>Raised after every change, so that the page can update what depends on it.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }
}
