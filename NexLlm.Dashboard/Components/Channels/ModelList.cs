using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Fields;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>The models of a channel as edited in the form.</summary>
public sealed class ModelList
{
    private readonly List<ModelRow> _rows;

    public ModelList(IReadOnlyList<ModelSettings> models) => _rows = [.. models.Select(m => new ModelRow(m))];

    public IReadOnlyList<ModelRow> Rows => _rows;

    /// <summary>The error of the service or of adding a model, until something is changed.</summary>
    public string? Rejection { get; set; }

    /// <summary>Whether the user tried to continue, after which missing entries are reported.</summary>
    public bool IsVisited { get; private set; }

    public string? Error => Rejection ?? (IsVisited ? ChannelRules.WrongModels([.. _rows.Select(r => new ModelSettings(r.Name))]) : null);

    public string? FirstWrong =>
        _rows.Select(r => r.FirstWrong).FirstOrDefault(id => id is not null)
        ?? (ChannelRules.WrongModels([.. _rows.Select(r => new ModelSettings(r.Name))]) is not null || Rejection is not null ? "new-model" : null);

    public bool Contains(string name) => _rows.Exists(r => r.Name == name);

    /// <summary>The rows whose name, here or at the provider, contains the text, and all invalid rows, which must stay visible.</summary>
    public IReadOnlyList<ModelRow> Matching(string text) =>
        [.. _rows.Where(r => r.ShownError is not null || r.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || r.UpstreamName.Text.Contains(text, StringComparison.OrdinalIgnoreCase))];

    /// <summary>The IDs sent to the provider that are not among the listed ones.</summary>
    public IReadOnlyList<string> SentBeside(IEnumerable<string> listed) =>
        [.. _rows.Select(r => r.UpstreamName.TryRead(out var upstream) && upstream is not null ? upstream : r.Name).Except(listed, StringComparer.Ordinal)];

    /// <summary>Adds a model; returns false and sets <see cref="Rejection"/> if the ID is invalid.</summary>
    /// <param name="open">Whether to add it first with its details open.</param>
    public bool TryAdd(string typed, bool open = false)
    {
        Rejection = ChannelRules.TryReadText(typed, ChannelRules.MaxModelName, out var name, out var error)
            ? Contains(name) ? $"“{name}” is already listed." : null
            : error;
        if (Rejection is null)
        {
            _rows.Insert(open ? 0 : _rows.Count, new ModelRow(new ModelSettings(name)) { IsOpen = open });
        }

        return Rejection is null;
    }

    public void Remove(string name)
    {
        Rejection = null;
        _rows.RemoveAll(r => r.Name == name);
    }

    public void Remove(IReadOnlyCollection<ModelRow> rows)
    {
        Rejection = null;
        _rows.RemoveAll(rows.Contains);
    }

    public void ShowErrors()
    {
        IsVisited = true;
        _rows.ForEach(r => r.ShowErrors());
    }

    /// <summary>Null while an entry is invalid.</summary>
    public IReadOnlyList<ModelSettings>? Read() => FirstWrong is null ? [.. _rows.Select(r => r.Read())] : null;

    public string State() => string.Join('\n', _rows.Select(r => $"{r.Name}\t{r.UpstreamName.Text}\t{r.ContextTokens.Text}\t{r.MaxOutputTokens.Text}\t{r.Price.Text}\t{r.PriceUnit}"));
}

/// <summary>One model: its name is fixed, everything else is optional.</summary>
public sealed class ModelRow(ModelSettings model)
{
    private readonly string _id = $"model-{Guid.NewGuid():N}";

    public string Name => model.Name;

    /// <summary>Whether its details are shown.</summary>
    public bool IsOpen { get; set; }

    public TextInput<string?> UpstreamName { get; } = new(model.UpstreamName ?? "", ReadName);

    public TextInput<int?> ContextTokens { get; } = new(Text(model.ContextTokens), ReadTokens);

    public TextInput<int?> MaxOutputTokens { get; } = new(Text(model.MaxOutputTokens), ReadTokens);

    /// <summary>In tokens per <see cref="PriceUnit"/>; blank for no price.</summary>
    public TextInput<long?> Price { get; } = new(model.Price?.Tokens.ToString(CultureInfo.InvariantCulture) ?? "", ReadPrice);

    public PriceUnit PriceUnit { get; set; } = model.Price?.Unit ?? PriceUnit.Request;

    /// <summary>Receives the focus when the previous row is removed.</summary>
    public ElementReference RemoveButton { get; set; }

    public string UpstreamNameId => $"{_id}-upstream";

    public string ContextTokensId => $"{_id}-context";

    public string MaxOutputTokensId => $"{_id}-output";

    public string PriceId => $"{_id}-price";

    public string? ShownError => UpstreamName.ShownError ?? ContextTokens.ShownError ?? MaxOutputTokens.ShownError ?? Price.ShownError;

    public string? FirstWrong =>
        UpstreamName.Error is not null ? UpstreamNameId
        : ContextTokens.Error is not null ? ContextTokensId
        : MaxOutputTokens.Error is not null ? MaxOutputTokensId
        : Price.Error is not null ? PriceId
        : null;

    /// <summary>Known details besides the name, as typed.</summary>
    public string Details => ChannelText.DetailsOf(UpstreamName.Text.Trim(), ContextTokens.Text.Trim(), MaxOutputTokens.Text.Trim(), Price.Text.Trim(), PriceUnit);

    public void ShowErrors()
    {
        (UpstreamName.IsVisited, ContextTokens.IsVisited, MaxOutputTokens.IsVisited, Price.IsVisited) = (true, true, true, true);
        IsOpen |= FirstWrong is not null;
    }

    public ModelSettings Read() => new(
        Name,
        UpstreamName.TryRead(out var upstream) ? upstream : null,
        ContextTokens.TryRead(out var window) ? window : null,
        MaxOutputTokens.TryRead(out var most) ? most : null,
        Price.TryRead(out var price) && price is { } tokens ? new ModelPrice(PriceUnit, tokens) : null);

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static bool ReadName(string text, out string? value, [NotNullWhen(false)] out string? error)
    {
        (value, error) = (null, null);
        return string.IsNullOrWhiteSpace(text) || ChannelRules.TryReadText(text, ChannelRules.MaxModelName, out value, out error);
    }

    private static bool ReadTokens(string text, out int? value, [NotNullWhen(false)] out string? error)
    {
        (value, error) = (null, null);
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        var isRead = ChannelRules.TryReadNumber(text, 1, int.MaxValue, out var number, out error);
        value = number;
        return isRead;
    }

    private static bool ReadPrice(string text, out long? value, [NotNullWhen(false)] out string? error)
    {
        (value, error) = (null, null);
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        var isRead = ChannelRules.TryReadPrice(text, out var price, out error);
        value = price;
        return isRead;
    }
}
