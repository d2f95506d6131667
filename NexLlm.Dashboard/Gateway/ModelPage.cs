using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway;

/// <summary>A page of models, as in Anthropic's API: at most <c>limit</c> models, after or before another.</summary>
/// <param name="HasMore">Whether there are more in the requested direction.</param>
internal sealed record ModelPage(IReadOnlyList<ModelRoutes> Models, bool HasMore)
{
    private const int UsualLimit = 20;
    private const int MostLimit = 1_000;

    /// <param name="all">Sorted like the list.</param>
    public static bool TryRead(
        IQueryCollection query, List<ModelRoutes> all, [NotNullWhen(true)] out ModelPage? page, [NotNullWhen(false)] out Rejection? wrong)
    {
        page = null;
        wrong = null;
        var (after, before, limit) = (query["after_id"].ToString(), query["before_id"].ToString(), UsualLimit);
        if (query["limit"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostLimit))
        {
            wrong = Wrong("limit", $"'limit' must be an integer from 1 to {MostLimit}.");
        }
        else if (after.Length > 0 && before.Length > 0)
        {
            wrong = Wrong("before_id", "Send either 'after_id' or 'before_id', not both.");
        }
        else if (after.Length > 0)
        {
            page = all.FindIndex(model => model.Model == after) is >= 0 and var at
                ? new([.. all.Skip(at + 1).Take(limit)], at + 1 + limit < all.Count) : null;
            wrong = page is null ? Unknown("after_id") : null;
        }
        else if (before.Length > 0)
        {
            page = all.FindIndex(model => model.Model == before) is >= 0 and var at
                ? new([.. all.Take(at).TakeLast(limit)], at > limit) : null;
            wrong = page is null ? Unknown("before_id") : null;
        }
        else
        {
            page = new([.. all.Take(limit)], all.Count > limit);
        }

        return wrong is null && page is not null;
    }

    private static Rejection Unknown(string param) => Wrong(param, $"'{param}' is not the id of a model in this list.");

    private static Rejection Wrong(string param, string message) => Rejection.For(Verdict.InvalidRequest, message, param);
}
