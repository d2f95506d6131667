using System.Net;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Authorization;

/// <summary>What can be asked of the request log, of an owner's refused request.</summary>
internal static class LogOperations
{
    public static IEnumerable<Operation> All()
    {
        yield return Of("SearchAsync", async (scene, actor) =>
            (await scene.App.Log.SearchAsync(actor, new LogQuery(KeyId: scene.Live.Key.Id))).Lines is not []);
        yield return Of("FindAsync", async (scene, actor) =>
        {
            var line = (await scene.App.Log.SearchAsync(scene.Owner, new LogQuery(KeyId: scene.Live.Key.Id))).Lines[0];
            return (await scene.App.Log.FindAsync(actor, line.RequestId))?.Line.Id == line.Id;
        });
        yield return Of("ExportAsync", async (scene, actor) =>
        {
            var isAny = false;
            await foreach (var part in scene.App.Log.ExportAsync(actor, new LogQuery(KeyId: scene.Live.Key.Id), lines => lines))
            {
                isAny |= part.Made is not [];
            }

            return isAny;
        });
        yield return Of("FollowAsync", async (scene, actor) =>
        {
            var heard = new TaskCompletionSource<LogUpdate>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var following = await scene.App.Log.FollowAsync(actor, new LogQuery(), news => heard.TrySetResult(news));
            // One of one's own comes in any case, and with it those that one may see.
            scene.App.AddLine(TimeSpan.Zero, line => line with { AccountId = actor.AccountId });
            await RefuseAsync(scene);
            return (await heard.Task.WaitAsync(TimeSpan.FromSeconds(30))).Lines.Any(line => line.KeyId == scene.Live.Key.Id);
        });
        yield return Of("RefusalsAsync", async (scene, actor) =>
        {
            var now = scene.App.Clock.GetUtcNow();
            return await scene.App.Log.RefusalsAsync(actor, now.AddHours(-1), now.AddHours(1), scene.Live.Key.Id) is not [];
        });
        yield return Of(
            "OwnRefusalsAsync",
            async (scene, actor) =>
            {
                var now = scene.App.Clock.GetUtcNow();
                return await scene.App.Log.OwnRefusalsAsync(actor, now.AddHours(-1), now.AddHours(1)) is not [];
            },
            administrator: Answer.Nothing);
        yield return Of("LastSeenAsync", async (scene, actor) => await scene.App.Log.LastSeenAsync(actor, scene.Live.Key.Id) is not []);
    }

    private static Operation Of(string method, Func<Scene, Actor, Task<bool>> finds, Answer administrator = Answer.Done) =>
        new($"RequestLog.{method}", Answer.Done, Answer.Nothing, administrator, async (scene, actor) =>
        {
            await RefuseAsync(scene);
            return await finds(scene, actor) ? Answer.Done : Answer.Nothing;
        });

    private static async Task RefuseAsync(Scene scene)
    {
        scene.App.AddLine(TimeSpan.Zero, line => line with
        {
            AccountId = scene.Owner.AccountId,
            KeyId = scene.Live.Key.Id,
            Status = 401,
            Code = "key_expired",
            Address = IPAddress.Loopback,
        });
        await scene.App.LogWriter.FlushAsync();
    }
}
