using Microsoft.AspNetCore.Components;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>A field of the form: it changes its part of the form in place and tells the page.</summary>
public abstract class FieldBase : ComponentBase
{
    /// <summary>After every change, so that the page can draw what depends on it.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }
}
