using System.Collections;
using System.Reflection;
using System.Text.Json;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Wizard;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys.Wizard;

public sealed class RevealTests(NexLlmApp app) : WizardTests(app), IClassFixture<NexLlmApp>
{
    /// <summary>Of the examples; the wizard's steps are tabs too.</summary>
    private const string Tabs = ".mud-tabs [role=tab]";

    [Fact]
    public async Task The_page_holds_the_secret_in_one_hidden_element_and_masks_it_everywhere_else()
    {
        var (page, me) = await OpenRevealAsync();

        var element = Assert.Single(page.FindAll("[data-secret]"));
        var secret = element.TextContent;
        Assert.True(KeySecret.IsWellFormed(secret));
        Assert.True(element.HasAttribute("hidden"));
        Assert.Equal(page.Markup.IndexOf(secret, StringComparison.Ordinal), page.Markup.LastIndexOf(secret, StringComparison.Ordinal));
        Assert.Equal(Assert.Single(await KeysOfAsync(me)).DisplayForm, page.Find("[data-masked]").GetAttribute("data-masked"));
    }

    [Fact]
    public async Task After_Done_nothing_holds_the_secret_any_more()
    {
        var (page, _) = await OpenRevealAsync();
        var secret = page.Find("[data-secret]").TextContent;
        Assert.True(Holds(page.Instance, secret), "The search finds the secret while it is there.");

        await page.Find("[data-stored]").ChangeAsync(true);
        await page.PressAsync("Done");

        Assert.False(Holds(page.Instance, secret));
        Assert.DoesNotContain(secret, page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(JSInterop.Invocations, call => call.Arguments.Any(a => $"{a}".Contains(secret, StringComparison.Ordinal)));
        Assert.DoesNotContain(secret, App.Logs.Text, StringComparison.Ordinal);
        Assert.All(StoredDrafts(), draft => Assert.DoesNotContain(secret, draft, StringComparison.Ordinal));
        Assert.NotEmpty(JSInterop.Invocations["sessionStorage.removeItem"]);

        var history = Services.GetRequiredService<BunitNavigationManager>().History;
        Assert.All(history, entry => Assert.DoesNotContain(secret, entry.Uri + entry.State, StringComparison.Ordinal));
        Assert.EndsWith("/keys", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Done_waits_until_the_key_is_said_to_be_stored()
    {
        var (page, _) = await OpenRevealAsync();

        Assert.True(page.Button("Done").HasAttribute("disabled"));
        await page.Find("[data-stored]").ChangeAsync(true);
        Assert.False(page.Button("Done").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Leaving_before_that_asks_and_staying_stays(bool leave, bool stillThere)
    {
        var (page, _) = await OpenRevealAsync();
        _ = Dialogs;

        _ = page.InvokeAsync(() => Navigation.NavigateTo("account"));
        Dialogs.WaitForElement("[role=dialog]");
        Assert.False(Navigation.Uri.EndsWith("/account", StringComparison.Ordinal));
        await AnswerAsync(leave ? "Leave" : "Cancel");

        // Nothing is rendered when a page is left, so that there is no render to wait for.
        await GatewayApp.UntilAsync(() => Task.FromResult(stillThere != Navigation.Uri.EndsWith("/account", StringComparison.Ordinal)));
        Dialogs.WaitForAssertion(() => Assert.Empty(Dialogs.FindAll("[role=dialog]")));
        Assert.Equal(stillThere, !Navigation.Uri.EndsWith("/account", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_before_the_last_step_can_be_returned_to()
    {
        var (page, _) = await OpenRevealAsync();

        Assert.Equal([Step7], page.FindAll(".mud-stepper-nav [role=tab]:not([disabled]) .title").Select(title => title.TextContent));
        var asked = new StepperInteractionEventArgs { StepIndex = (int)WizardStep.NameKey - 1, Action = StepAction.Activate };
        await page.InvokeAsync(() => page.FindComponent<MudStepper>().Instance.OnPreviewInteraction!(asked));
        Assert.True(asked.Cancel);
        Assert.Equal(Step7, page.Heading());
    }

    [Fact]
    public async Task Examples_are_tabs_that_arrow_keys_move_through()
    {
        var (page, _) = await OpenRevealAsync();
        Assert.Equal(["curl", "Python", "C#", "JavaScript", "Claude Code", "Codex", "Cline", "Continue", "Open WebUI", ".env"], page.FindAll(Tabs).Select(t => t.TextContent));

        var focused = JSInterop.Invocations["Blazor._internal.domWrapper.focus"].Count;
        await page.Find($"{Tabs}[aria-selected=true]").KeyDownAsync("ArrowLeft");

        Assert.Equal(".env", page.Find($"{Tabs}[aria-selected=true]").TextContent);
        Assert.Equal(focused + 1, JSInterop.Invocations["Blazor._internal.domWrapper.focus"].Count);
        var masked = page.Find("[data-masked]").GetAttribute("data-masked");
        Assert.Equal($"OPENAI_API_KEY={masked}\nOPENAI_BASE_URL={Navigation.BaseUri}v1", page.Find("[data-snippet]").TextContent);
    }

    [Fact]
    public async Task Examples_name_the_first_model_that_the_key_may_call()
    {
        var (page, _) = await OpenSettingsAsync();
        await page.ChooseAsync("Model Restrictions", "nexllm-echo-small", Popovers);
        await page.SubmitAsync();
        await page.SubmitAsync();

        Assert.Contains("\"model\": \"nexllm-echo-small\"", page.Find("[data-snippet]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_request_is_the_one_of_the_example()
    {
        var (page, _) = await OpenRevealAsync();

        var button = page.Button("Send a test request");
        var curl = page.Find("[data-snippet]").TextContent;
        Assert.False(button.HasAttribute("disabled"));
        Assert.Equal($"{Navigation.BaseUri}v1/chat/completions", button.GetAttribute("data-url"));
        Assert.StartsWith($"curl {button.GetAttribute("data-url")} ", curl, StringComparison.Ordinal);
        Assert.EndsWith($"-d '{button.GetAttribute("data-body")}'", curl, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_model_can_be_chosen_to_try_the_key_with_and_the_examples_follow()
    {
        var (page, _) = await OpenRevealAsync();
        Assert.Equal("nexllm-echo", page.Field("Model").GetAttribute("value"));

        await page.ChooseAsync("Model", "nexllm-echo-small", Popovers);

        var button = page.Button("Send a test request");
        Assert.Equal("nexllm-echo-small", button.GetAttribute("data-model"));
        Assert.Contains("\"nexllm-echo-small\"", button.GetAttribute("data-body"), StringComparison.Ordinal);
        Assert.EndsWith($"-d '{button.GetAttribute("data-body")}'", page.Find("[data-snippet]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_nothing_answers_for_comes_last_and_says_so()
    {
        var mixed = await AddGroupAsync("mixed", "a-dead-model");
        await AddGroupAsync("alive", "b-live-model");
        await ExecuteAsync($"INSERT INTO ChannelGroupMembers (ChannelsId, GroupsId) SELECT c.Id, g.Id FROM Channels c, ChannelGroups g WHERE c.Name = 'alive' AND g.Name = 'mixed'");
        var directory = App.Services.GetRequiredService<ChannelDirectory>();
        await directory.ReloadAsync(Cancellation);
        directory.Current.Group(mixed)!.Find("a-dead-model")!.Targets[0].Channel.Circuit.Learn(ChannelStatus.Unreachable, App.Clock.GetUtcNow());

        var page = await SaveInGroupAsync("mixed");

        Assert.Equal("b-live-model", page.Field("Model").GetAttribute("value"));
        await page.Field("Model").MouseDownAsync(new());
        Popovers.WaitForAssertion(() => Assert.Equal(
            ["b-live-model", "a-dead-modelNo channel for this model is reachable."],
            Popovers.FindAll(".mud-list-item").Select(item => string.Concat(item.TextContent.Split('\n', StringSplitOptions.TrimEntries)))));
    }

    [Fact]
    public async Task A_key_that_may_call_no_model_cannot_be_tried_and_the_page_says_why()
    {
        await AddGroupAsync("silent");

        var page = await SaveInGroupAsync("silent");

        var button = page.Button("Send a test request");
        Assert.True(button.HasAttribute("disabled"));
        Assert.Contains("no chat model", page.Find($"#{button.GetAttribute("aria-describedby")}").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_the_key_has_no_model_for_cannot_be_copied_and_its_tab_says_why()
    {
        await AddGroupAsync("claude-only", ChannelType.Anthropic, "claude-10");

        var page = await SaveInGroupAsync("claude-only");
        await page.FindAll(Tabs).Single(tab => tab.TextContent == "Codex").ClickAsync(new());

        Assert.Equal("Codex uses the Responses API, and no model of this key supports it.", page.Find(".mud-tabs [role=tabpanel]").TextContent.Trim());
        Assert.True(page.Button("Copy example").HasAttribute("disabled"));
        Assert.False(page.Button("Download .env").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("both", "gpt-9", "v1/chat/completions", null)]
    [InlineData("anthropic", "claude-9", "v1/messages", "2023-06-01")]
    public async Task A_model_of_OpenAIs_dialect_is_tried_before_one_of_Anthropics(string group, string model, string path, string? version)
    {
        var id = await AddGroupAsync(group, ChannelType.Anthropic, "claude-9");
        if (group == "both")
        {
            await AddGroupAsync("gpt", "gpt-9");
            await ExecuteAsync($"INSERT INTO ChannelGroupMembers (ChannelsId, GroupsId) SELECT Id, {id} FROM Channels WHERE Name = 'gpt'");
            await App.Services.GetRequiredService<ChannelDirectory>().ReloadAsync(Cancellation);
        }

        var page = await SaveInGroupAsync(group);

        var button = page.Button("Send a test request");
        Assert.Equal(
            (model, Navigation.BaseUri + path, version),
            (button.GetAttribute("data-model"), button.GetAttribute("data-url"), button.GetAttribute("data-version")));
    }

    private async Task<IRenderedComponent<KeyWizard>> SaveInGroupAsync(string group)
    {
        var (page, _) = await OpenSettingsAsync();
        await page.ChooseAsync("Group", group + " ", Popovers);
        await page.SubmitAsync();
        await page.SubmitAsync();
        Assert.Equal(Step7, page.Heading());
        return page;
    }

    /// <summary>Whether anything that the component can still reach in the circuit holds the text.</summary>
    private static bool Holds(object root, string text)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>([root]);
        while (open.TryPop(out var next))
        {
            if (next is string found && found.Contains(text, StringComparison.Ordinal))
                return true;
            if (next is string or Type or MemberInfo or Delegate or IServiceProvider || next.GetType().IsPrimitive || !seen.Add(next))
                continue;
            foreach (var value in next is IEnumerable many ? many.Cast<object?>() : Fields(next))
            {
                if (value is not null)
                    open.Push(value);
            }
        }

        return false;
    }

    private static IEnumerable<object?> Fields(object holder)
    {
        for (var type = holder.GetType(); type is not null && IsOurs(type); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                yield return field.GetValue(holder);
        }
    }

    private static bool IsOurs(Type type) =>
        type.Assembly == typeof(KeyWizard).Assembly || typeof(Task).IsAssignableFrom(type);

    private IEnumerable<string> StoredDrafts()
    {
        var protection = Services.GetRequiredService<IDataProtectionProvider>();
        foreach (var call in JSInterop.Invocations["sessionStorage.setItem"])
        {
            var purpose = $"Microsoft.AspNetCore.Components.Server.ProtectedBrowserStorage.ProtectedSessionStorage:sessionStorage:{call.Arguments[0]}";
            yield return JsonSerializer.Deserialize<string>(protection.CreateProtector(purpose).Unprotect((string)call.Arguments[1]!))!;
        }
    }
}
