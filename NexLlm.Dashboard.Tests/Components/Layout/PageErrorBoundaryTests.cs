using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Layout;

namespace NexLlm.Dashboard.Tests.Components.Layout;

public sealed class PageErrorBoundaryTests : BunitContext
{
    private static readonly Exception _failure = new InvalidOperationException("no such column: Secret");

    [Fact]
    public void A_page_that_fails_says_so_without_the_reason_and_can_be_tried_again()
    {
        Failing.Next = _failure;
        var page = Render<PageErrorBoundary>(boundary => boundary.AddChildContent<Failing>());

        Assert.Equal("Something went wrong", page.Find("[role=alert] h1").TextContent);
        Assert.DoesNotContain(_failure.Message, page.Markup, StringComparison.Ordinal);

        Failing.Next = null;
        page.Find("button").Click();
        Assert.Equal("all is well", page.Markup);
    }

    [Fact]
    public void Who_may_not_is_led_to_log_in_and_back()
    {
        var navigation = Services.GetRequiredService<BunitNavigationManager>();
        navigation.NavigateTo("keys?show=disabled");
        Failing.Next = new AccessDeniedException("This login was ended. Log in again.");

        var page = Render<PageErrorBoundary>(boundary => boundary.AddChildContent<Failing>());

        Assert.EndsWith("/account/login?returnUrl=%2Fkeys%3Fshow%3Ddisabled", navigation.Uri, StringComparison.Ordinal);
        Assert.True(navigation.History.First().Options.ForceLoad);
        Assert.Empty(page.Markup.Trim());
    }

    private sealed class Failing : ComponentBase
    {
        /// <summary>What the next rendering throws. Tests of one class run one after the other.</summary>
        public static Exception? Next { get; set; }

        protected override void OnInitialized()
        {
            if (Next is not null)
            {
                throw Next;
            }
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, "all is well");
    }
}
