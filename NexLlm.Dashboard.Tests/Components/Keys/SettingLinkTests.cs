using NexLlm.Dashboard.Components.Keys.Explain;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Keys;

/// <summary>Where an explanation leads whom.</summary>
public sealed class SettingLinkTests
{
    private static readonly KeyDetails _key = new(
        7, 3, "nightly", "sk-nexllm-AbC…wXyZ", true, KeyPolicy.Unrestricted(1), "default", 1, new TokenQuota(null, 0), NexLlmApp.Start, null, null, 1);

    [Theory]
    [InlineData(Verdict.KeyDisabled, "keys/7", "keys/7")]
    [InlineData(Verdict.KeyExpired, "keys/7/edit#", "")]
    [InlineData(Verdict.AccountDisabled, "", "accounts/3")]
    [InlineData(Verdict.IpNotAuthorized, "keys/7/edit#", "")]
    [InlineData(Verdict.TooManyRequests, "", "")]
    [InlineData(Verdict.TooManyAccountRequests, "", "")]
    [InlineData(Verdict.ModelNotFound, "keys/7/edit#", "channels")]
    [InlineData(Verdict.ModelNotAllowed, "keys/7/edit#", "")]
    [InlineData(Verdict.WrongEndpoint, "", "")]
    [InlineData(Verdict.InsufficientQuota, "keys/7/edit#", "")]
    [InlineData(Verdict.InsufficientAccountQuota, "account", "accounts/3")]
    [InlineData(Verdict.QuotaReserved, "", "")]
    [InlineData(Verdict.NoChannel, "", "channels")]
    public void Everybody_is_led_to_what_he_may_change_and_told_who_may_change_the_rest(Verdict verdict, string owner, string administrator)
    {
        Leads(owner, isOwn: true, isAdministrator: false);
        Leads(administrator, isOwn: false, isAdministrator: true);

        void Leads(string to, bool isOwn, bool isAdministrator)
        {
            var links = SettingLink.Of(verdict, _key, isOwn, isAdministrator);
            if (to.Length == 0)
            {
                Assert.Empty(links);
                Assert.True(verdict is Verdict.QuotaReserved || SettingLink.WhoMay(verdict) is not null);
            }
            else
            {
                Assert.StartsWith(to, Assert.Single(links).Url, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void An_administrator_may_also_choose_another_group_for_a_key_of_his_own() =>
        Assert.Equal(2, SettingLink.Of(Verdict.ModelNotFound, _key, isOwn: true, isAdministrator: true).Count);
}
