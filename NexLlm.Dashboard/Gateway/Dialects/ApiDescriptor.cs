using System.Text;
using NexLlm.Dashboard.Channels;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>How one API of a dialect is read and written: its request and response fields, its events and its usage reports.</summary>
internal sealed class ApiDescriptor
{
    private readonly FieldRule[] _rules = CommonRules();
    private readonly (byte[] Name, ResponseField Field)[] _responseFields = [];
    private readonly byte[][] _finalEvents = [];

    public required UpstreamApi Api { get; init; }

    /// <summary>The specifics of an API for images, audio or scores; null for text and embeddings.</summary>
    public MediaApi? Media { get; init; }

    /// <summary>Whether the model generates output that a cap can limit.</summary>
    public bool Generates { get; init; } = true;

    /// <summary>Whether output tokens can be charged.</summary>
    public bool HasOutput { get; init; } = true;

    public bool CanStream { get; init; } = true;

    /// <summary>Whether a stream reports usage only if <c>stream_options</c> requests it.</summary>
    public bool HasUsageOption { get; init; }

    /// <summary>Whether the provider stores what it receives unless <c>store</c> is false.</summary>
    public bool StoresByDefault { get; init; }

    /// <summary>Whether a request without a cap is rejected.</summary>
    public bool RequiresCap { get; init; }

    /// <summary>The provider's default cap for a request without one; null if it depends on the model.</summary>
    public int? DefaultCap { get; init; }

    /// <summary>The field that sets a cap for a model when the client sent none.</summary>
    public Func<string, RequestField> CapField { get; init; } = static _ => RequestField.MaxTokens;

    public UsageReport Usage { get; init; }

    /// <summary>Whether <c>delta</c> is a string of text in stream events.</summary>
    public bool DeltaIsText { get; init; }

    /// <summary>Whether <c>delta</c> and <c>content_block</c> are objects containing text in stream events.</summary>
    public bool DeltaHasText { get; init; }

    /// <summary>Top-level request fields that other APIs lack or pass through.</summary>
    public (RequestField Field, FieldRule Rule)[] OwnRequestFields
    {
        init
        {
            foreach (var (name, rule) in value)
            {
                _rules[(int)name] = rule;
            }
        }
    }

    /// <summary>Response fields in addition to the <see cref="ResponseFields"/> all APIs share.</summary>
    public (string Name, ResponseField Field)[] OwnResponseFields
    {
        init => _responseFields = [.. value.Select(own => (Encoding.UTF8.GetBytes(own.Name), own.Field))];
    }

    /// <summary>The event types that complete a stream.</summary>
    public string[] FinalEvents
    {
        init => _finalEvents = [.. value.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>Whether responses are transcripts, as JSON or as plain text.</summary>
    public bool IsTranscript => Media?.Makes is MediaOutput.Text;

    public FieldRule RuleOf(RequestField field) => _rules[(int)field];

    public ResponseField FieldOf(ReadOnlySpan<byte> name)
    {
        var common = ResponseFields.Find(name);
        if (common is not ResponseField.Other)
        {
            return common;
        }

        foreach (var (own, field) in _responseFields)
        {
            if (name.SequenceEqual(own))
            {
                return field;
            }
        }

        return ResponseField.Other;
    }

    /// <summary>Whether an event of this type completes the stream.</summary>
    public bool EndsWith(ReadOnlySpan<byte> eventType)
    {
        foreach (var final in _finalEvents)
        {
            if (eventType.SequenceEqual(final))
            {
                return true;
            }
        }

        return false;
    }

    private static FieldRule[] CommonRules()
    {
        var rules = new FieldRule[Enum.GetValues<RequestField>().Length];
        rules[(int)RequestField.Model] = FieldRule.Model;
        rules[(int)RequestField.Stream] = FieldRule.Stream;
        rules[(int)RequestField.Store] = FieldRule.Store;
        rules[(int)RequestField.State] = FieldRule.ProviderState;
        rules[(int)RequestField.Conversation] = FieldRule.ProviderState;
        rules[(int)RequestField.Messages] = FieldRule.Messages;
        rules[(int)RequestField.System] = FieldRule.System;
        rules[(int)RequestField.Tools] = FieldRule.Tools;
        rules[(int)RequestField.Format] = FieldRule.Format;
        rules[(int)RequestField.Free] = FieldRule.Free;
        rules[(int)RequestField.Steering] = FieldRule.Steering;
        rules[(int)RequestField.ProviderTool] = FieldRule.ProviderTools;
        return rules;
    }
}

/// <summary>How the events of a stream report usage.</summary>
internal enum UsageReport
{
    /// <summary>Each report replaces the previous figures.</summary>
    Latest,

    /// <summary>The first report has the input and placeholder output; a later one has the full output.</summary>
    InputFirst,

    /// <summary>Only the final event counts.</summary>
    FinalOnly,

    /// <summary>Each of several responses reports its own usage.</summary>
    Sum,
}
