using Bunit;
using MudBlazor;
using NexLlm.Dashboard.Components.Keys.Wizard;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys.Wizard;

public sealed class WizardStepsTests(NexLlmApp app) : WizardTests(app), IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task All_seven_steps_show_and_the_first_three_are_done()
    {
        var (page, _) = await OpenAsync();

        Assert.Equal(
            ["Log in, done", "Open API Keys, done", "Start a new key, done", Step4, Step5, Step6, Step7],
            page.FindAll("[role=tab] .title").Select(title => title.TextContent.Trim()));
        Assert.Equal(Step4, page.Find("[role=tab][aria-selected=true] .title").TextContent.Trim());
        Assert.Contains("Step 4 of 7", page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Enter a name, such as production-app.")]
    [InlineData("   ", "Enter a name, such as production-app.")]
    [InlineData("a\u0007b", "invisible characters")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "Enter a name of at most 64 characters (currently 65).")]
    public async Task A_wrong_name_says_so_and_goes_no_further(string name, string error)
    {
        var (page, _) = await OpenAsync();

        await page.TypeAsync("Name", name);
        await page.SubmitAsync();

        Assert.Equal(Step4, page.Heading());
        Assert.Contains(error, page.Error("name"), StringComparison.Ordinal);
        Assert.Equal("true", page.Field("Name").GetAttribute("aria-invalid"));
        Assert.Equal("name", Script.Invocations["focusOn"][^1].Arguments[0]);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_before_the_settings()
    {
        var me = await App.CreateActorAsync();
        await App.CreateKeyAsync(me, "Production");
        var (page, _) = await OpenAsync(me: me);

        await page.TypeAsync("Name", " production ");
        await page.SubmitAsync();

        Assert.Equal(Step4, page.Heading());
        Assert.Equal("You already have a key named “production”. Choose another name.", page.Error("name"));

        await page.TypeAsync("Name", "production-2");
        Assert.Null(page.Error("name"));
        await page.SubmitAsync();
        Assert.Equal(Step5, page.Heading());
    }

    [Fact]
    public async Task A_name_taken_meanwhile_leads_back_to_its_step_with_everything_kept()
    {
        var (page, me) = await OpenSettingsAsync("mine");
        await page.TypeAsync("Remaining Quota", "1.5M");
        await page.SubmitAsync();
        await App.CreateKeyAsync(me, "mine");

        await page.SubmitAsync();

        Assert.Equal(Step4, page.Heading());
        Assert.Contains("already have a key", page.Error("name"), StringComparison.Ordinal);
        await page.TypeAsync("Name", "mine too");
        await page.SubmitAsync();
        Assert.Equal("1.5M", page.Field("Remaining Quota").GetAttribute("value"));
    }

    [Fact]
    public async Task No_step_ahead_can_be_pressed_and_done_ones_lead_back()
    {
        var (page, _) = await OpenSettingsAsync();
        await page.SubmitAsync();
        Assert.Equal(Step6, page.Heading());

        Assert.Equal([Step4 + ", done", Step5 + ", done", Step6], OpenSteps(page).Select(step => step.QuerySelector(".title")!.TextContent.Trim()));
        await OpenSteps(page)[0].ClickAsync(new());

        Assert.Equal(Step4, page.Heading());
        Assert.Equal([Step4], OpenSteps(page).Select(step => step.QuerySelector(".title")!.TextContent.Trim()));
    }

    [Fact]
    public async Task A_step_ahead_does_not_open_even_when_a_script_asks_for_it()
    {
        var (page, me) = await OpenAsync();
        var stepper = page.FindComponent<MudStepper>().Instance;

        foreach (var step in WizardSteps.All)
        {
            await page.InvokeAsync(() => stepper.OnPreviewInteraction!(new StepperInteractionEventArgs { StepIndex = (int)step - 1, Action = StepAction.Activate }));
            Assert.Equal(Step4, page.Heading());
        }

        foreach (var go in (Func<Task>[])[stepper.NextStepAsync, stepper.SkipCurrentStepAsync, () => stepper.ResetAsync(), stepper.PreviousStepAsync])
        {
            await page.InvokeAsync(go);
            Assert.Equal(Step4, page.Heading());
        }

        Assert.Empty(await KeysOfAsync(me));
    }

    [Fact]
    public async Task Back_keeps_every_value()
    {
        var (page, _) = await OpenSettingsAsync();
        await page.TypeAsync("Expiration", "2040-05-30");
        await page.TypeAsync("Remaining Quota", "250K");
        await page.ChooseAsync("Model Restrictions", "nexllm-echo", Popovers);
        await page.TypeAsync("IP Allowlist", "198.51.100.0/24");

        await page.PressAsync("Back");
        Assert.Equal("app", page.Field("Name").GetAttribute("value"));
        await page.SubmitAsync();

        Assert.Equal("2040-05-30", page.Field("Expiration").GetAttribute("value"));
        Assert.Equal("250K", page.Field("Remaining Quota").GetAttribute("value"));
        Assert.False(page.Field("Unlimited Quota").HasAttribute("checked"));
        Assert.Single(page.FindAll("ul[aria-label='Selected models'] li"));
        Assert.Equal("198.51.100.0/24", page.Field("IP Allowlist").GetAttribute("value"));
    }

    [Fact]
    public async Task Focus_goes_to_the_heading_of_each_step()
    {
        var (page, _) = await OpenSettingsAsync();
        await page.SubmitAsync();
        await page.SubmitAsync();

        Assert.Equal(3, JSInterop.Invocations["Blazor._internal.domWrapper.focus"].Count);
        Assert.Equal("-1", page.Find("h2").GetAttribute("tabindex"));
    }

    [Fact]
    public async Task Defaults_make_an_unrestricted_key_of_the_default_group()
    {
        var (_, me) = await OpenRevealAsync();

        var key = Assert.Single(await KeysOfAsync(me));
        Assert.Equal(KeyPolicy.Unrestricted(await App.DefaultGroupAsync()), key.Policy);
        Assert.Equal("app", key.Name);
    }

    [Fact]
    public async Task The_review_says_everything_in_words_and_each_Edit_leads_to_its_field()
    {
        var (page, _) = await OpenSettingsAsync(zone: "Europe/Berlin");
        await page.TypeAsync("Expiration", "2040-05-30");
        await page.TypeAsync("Remaining Quota", "1.5M");
        await page.TypeAsync("IP Allowlist", MyAddress);
        await page.SubmitAsync();

        Assert.Equal(
            [
                "Name app", "Expiration Expires 31 May 2040, 00:00:00 Europe/Berlin · 30 May 2040, 22:00:00 UTC",
                "Remaining Quota 1.5 million tokens", "Unlimited Quota Disabled", "Model Restrictions All available models", $"IP Allowlist {MyAddress}",
                "Group default ×1.0",
            ],
            page.FindAll("dl .row").Select(row => $"{row.QuerySelector("dt")!.TextContent} {row.QuerySelector("dd")!.TextContent}"));

        await page.PressAsync("Edit IP Allowlist");
        Assert.Equal(Step5, page.Heading());
        Assert.Equal("ips", Script.Invocations["focusOn"][^1].Arguments[0]);
    }

    [Theory]
    [InlineData(0, "", "The account has no quota yet.", "0 of 2 models available")]
    [InlineData(1_000_000, "198.51.100.1", "203.0.113.7 isn't on the IP allowlist.", "0 of 2 models available")]
    [InlineData(1_000_000, "", "Allowed", "2 of 2 models available")]
    public async Task The_preview_shows_the_evaluators_verdict_from_my_address(long accountLimit, string ips, string sentence, string count)
    {
        var (page, _) = await OpenSettingsAsync(accountLimit: accountLimit);
        await page.TypeAsync("IP Allowlist", ips);
        await page.SubmitAsync();

        Assert.Contains($"from {MyAddress}", page.Find("#preview").TextContent, StringComparison.Ordinal);
        Assert.Contains(count, page.Markup, StringComparison.Ordinal);
        Assert.All(page.FindAll("tbody tr"), row => Assert.Equal(sentence, row.LastElementChild!.TextContent.Trim()));
    }

    [Theory]
    [InlineData(0, "Your account has no quota yet. Ask an administrator to add tokens; until then requests are rejected.")]
    [InlineData(1, null)]
    public async Task From_the_first_step_on_the_panel_says_that_the_account_has_no_quota(long accountLimit, string? words)
    {
        var me = await App.CreateActorAsync(tokenLimit: accountLimit);
        var (page, _) = await OpenAsync(from: null, me);

        foreach (var step in (string[])[Step4, Step5, Step6])
        {
            Assert.Equal(step, page.Heading());
            Assert.Equal(words, page.FindAll("aside .mud-alert-text-warning").SingleOrDefault()?.TextContent.Trim());
            if (step == Step4)
            {
                await page.TypeAsync("Name", "app");
            }

            await page.SubmitAsync();
        }
    }

    [Fact]
    public async Task A_replacement_starts_with_the_policy_of_my_own_key()
    {
        var me = await App.CreateActorAsync();
        var old = await App.CreateKeyAsync(me, "leaked", policy => policy with { TokenLimit = 5_000, Models = ModelRestriction.Only(["nexllm-echo"]) });
        await App.Keys.DeleteAsync(me, [old.Key.Id], Cancellation);

        var (page, _) = await OpenAsync(old.Key.Id, me);
        await page.SubmitAsync();
        await page.SubmitAsync();
        await page.SubmitAsync();

        var key = Assert.Single(await KeysOfAsync(me));
        Assert.Equal("leaked", key.Name);
        Assert.Equal(old.Key.Policy, key.Policy);
    }

    [Fact]
    public async Task A_replacement_whose_model_is_out_of_service_keeps_it_until_I_remove_it()
    {
        var me = await App.CreateActorAsync();
        var group = await AddGroupAsync("closing", "old-model", "new-model");
        var old = await App.CreateKeyAsync(me, "app", policy => policy with { GroupId = group, Models = ModelRestriction.Only(["old-model"]) });
        await ExecuteAsync($"DELETE FROM ChannelModels WHERE Name = 'old-model'");

        var (page, _) = await OpenAsync(old.Key.Id, me);
        await page.SubmitAsync();
        await page.SubmitAsync();

        Assert.Equal(Step5, page.Heading());
        Assert.Contains("Not available in group closing: old-model", page.Error("models"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anothers_key_is_no_template_not_even_for_an_administrator()
    {
        var other = await App.CreateKeyAsync(await App.CreateActorAsync(), "theirs", policy => policy with { TokenLimit = 5_000 });
        var (page, _) = await OpenAsync(other.Key.Id, await App.CreateActorAsync(administrator: true));

        Assert.Contains("no longer exists", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("", page.Field("Name").GetAttribute("value"));
    }

    private static IReadOnlyList<AngleSharp.Dom.IElement> OpenSteps(IRenderedComponent<KeyWizard> page) => page.FindAll(".mud-stepper-nav [role=tab]:not([disabled])");
}
