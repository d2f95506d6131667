using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Accounts;
using NexLlm.Dashboard.Tests.Components.Keys;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Accounts;

/// <summary>The pages of accounts before the real services.</summary>
public abstract class AdministrationPageTests : ListPageTests
{
    protected AdministrationPageTests(NexLlmApp app)
        : base(app)
    {
    }

    /// <summary>The text of each cell of each row, blanks drawn together. A table that says that it has none has none.</summary>
    protected static IReadOnlyList<string> Rows(IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> page) =>
        [.. page.FindAll("tbody tr").Where(tr => tr.QuerySelector("[data-label]") is not null).Select(tr => string.Join(" | ", tr.QuerySelectorAll("td").Select(td => OneLine(td.TextContent))))];

    protected static string OneLine(string text) => string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    /// <summary>An account, and an administrator who looks at it.</summary>
    protected async Task<(Actor Root, Actor Ada)> ArrangeAsync(long? tokenLimit = 1_000_000, long used = 0)
    {
        var ada = await App.CreateActorAsync(tokenLimit: tokenLimit);
        if (used > 0)
        {
            var key = (await App.CreateKeyAsync(ada, "used")).Key;
            await App.SpendAsync(ada, key.Id, used);
        }

        return (await LogInAsync(administrator: true), ada);
    }

    protected IRenderedComponent<AccountPage> OpenAccount(Actor whom, string? address = null)
    {
        Navigation.NavigateTo(address ?? $"accounts/{whom.AccountId}");
        var page = Render<AccountPage>(parameters => parameters.Add(p => p.Id, whom.AccountId!.Value));
        page.WaitForState(() => page.FindAll("h1").Count == 1);
        return page;
    }
}
