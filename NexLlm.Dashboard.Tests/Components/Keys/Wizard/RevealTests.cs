using System.Collections;
using System.Reflection;
using System.Text.Json;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Wizard;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys.Wizard;

public sealed class RevealTests(NexLlmApp app) : WizardTests(app), IClassFixture<NexLlmApp>
{
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
        Script.Setup<bool>("ask", _ => true).SetResult(leave);
        var (page, _) = await OpenRevealAsync();

        await page.InvokeAsync(() => Navigation.NavigateTo("account"));

        Assert.Single(Script.Invocations["ask"]);
        Assert.Equal(stillThere, !Navigation.Uri.EndsWith("/account", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_before_the_last_step_can_be_returned_to()
    {
        var (page, _) = await OpenRevealAsync();

        Assert.Empty(page.FindAll("nav button"));
        await page.InvokeAsync(() => page.FindComponent<WizardRail>().Instance.Chosen.InvokeAsync(WizardStep.NameKey));
        Assert.Equal(Step7, page.Heading());
    }

    [Fact]
    public async Task Examples_are_tabs_that_arrow_keys_move_through()
    {
        var (page, _) = await OpenRevealAsync();
        Assert.Equal(["curl", "Python", "C#", "JavaScript", "Claude Code", "Codex", "Cline", "Continue", "Open WebUI", ".env"], page.FindAll("[role=tab]").Select(t => t.TextContent));

        await page.Find("[role=tab][aria-selected=true]").KeyDownAsync("ArrowLeft");

        Assert.Equal(".env", page.Find("[role=tab][aria-selected=true]").TextContent);
        Assert.Equal("example-9", Script.Invocations["focusOn"][^1].Arguments[0]);
        var masked = page.Find("[data-masked]").GetAttribute("data-masked");
        Assert.Equal($"OPENAI_API_KEY={masked}\nOPENAI_BASE_URL={Navigation.BaseUri}v1", page.Find("[data-snippet]").TextContent);
    }

    [Fact]
    public async Task Examples_name_the_first_model_that_the_key_may_call()
    {
        var (page, _) = await OpenSettingsAsync();
        await page.PressAsync("Choose models");
        await page.FindAll(".options input")[^1].ChangeAsync(true);
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
        await page.FindAll("[role=tab]").Single(tab => tab.TextContent == "Codex").ClickAsync(new());

        Assert.Equal("Codex uses the Responses API, and no model of this key supports it.", page.Find("[role=tabpanel]").TextContent.Trim());
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
        var choice = page.FindAll("#group option").Single(option => option.TextContent.StartsWith(group + " ", StringComparison.Ordinal));
        await page.Find("#group").ChangeAsync(choice.GetAttribute("value")!);
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
