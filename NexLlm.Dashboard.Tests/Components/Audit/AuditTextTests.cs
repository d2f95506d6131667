using System.Reflection;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Audit;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Tests.Components.Audit;

public sealed class AuditTextTests
{
    public static TheoryData<string> Actions =>
        [.. typeof(AuditActions).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Actions))]
    public void Every_action_that_is_audited_has_plain_words(string action) => Assert.NotEqual(action, AuditText.Of(action));

    [Theory]
    [MemberData(nameof(Actions))]
    public void Every_action_is_of_one_kind_that_a_person_can_choose(string action) =>
        Assert.Single(HistoryAddress.Kinds, kind => HistoryKinds.ActionsOf(kind.Kind).Contains(action));

    [Fact]
    public void An_action_of_a_later_program_is_called_by_its_stored_name() => Assert.Equal("moon.landed", AuditText.Of("moon.landed"));
}
