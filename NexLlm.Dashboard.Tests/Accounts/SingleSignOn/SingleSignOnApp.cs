using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.SingleSignOn;

/// <summary>The application with two providers beside it: corp, which says who administers, and other. One for all tests of a class.</summary>
public class SingleSignOnApp : IAsyncLifetime
{
    public NexLlmApp App { get; } = new();

    public TestProvider Corp { get; private set; } = default!;

    public TestProvider Other { get; private set; } = default!;

    public virtual async ValueTask InitializeAsync()
    {
        Corp = await TestProvider.StartAsync(App.Clock);
        Other = await TestProvider.StartAsync(App.Clock);
        Corp.Configure(App, "corp", ("AdministratorClaim", "groups=llm-admins"));
        Other.Configure(App, "other");
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Corp.DisposeAsync();
        await Other.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
