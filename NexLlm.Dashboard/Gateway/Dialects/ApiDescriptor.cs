using System.Text;
using NexLlm.Dashboard.Channels;

namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>How one API of a dialect is read and written: the fields of its requests and responses, its events and its usage report.</summary>
internal sealed class ApiDescriptor
{
    private readonly FieldRule[] _rules = CommonRules();
    private readonly (byte[] Name, ResponseField Field)[] _responseFields = [];
    private readonly byte[][] _finalEvents = [];

    public required UpstreamApi Api { get; init; }

    /// <summary>What is special about an API for images, audio or scores; null for those of text and embeddings.</summary>
    public MediaApi? Media { get; init; }

    /// <summary>Whether the model writes something that a cap can bound.</summary>
    public bool Generates { get; init; } = true;

    /// <summary>Whether output tokens can be charged.</summary>
    public bool HasOutput { get; init; } = true;

    public bool CanStream { get; init; } = true;

    /// <summary>Whether a stream reports its usage only if <c>stream_options</c> ask for it.</summary>
    public bool HasUsageOption { get; init; }

    /// <summary>Whether the provider keeps what it is sent unless <c>store</c> is false.</summary>
    public bool StoresByDefault { get; init; }

    /// <summary>Whether a request without a cap is rejected.</summary>
    public bool RequiresCap { get; init; }

    /// <summary>The provider's own cap for a request without one; null if it is the model's.</summary>
    public int? DefaultCap { get; init; }

    /// <summary>The field by which a model gets a cap that its client did not send.</summary>
    public Func<string, RequestField> CapField { get; init; } = static _ => RequestField.MaxTokens;

    public UsageReport Usage { get; init; }

    /// <summary>Whether <c>delta</c> is text in the events of a stream.</summary>
    public bool DeltaIsText { get; init; }

    /// <summary>Whether <c>delta</c> and <c>content_block</c> are objects that contain text in the events of a stream.</summary>
    public bool DeltaHasText { get; init; }

    /// <summary>Top-level request fields that other APIs do not have, or pass through.</summary>
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

    /// <summary>Response fields besides those of <see cref="ResponseFields"/>, which all APIs have.</summary>
    public (string Name, ResponseField Field)[] OwnResponseFields
    {
        init => _responseFields = [.. value.Select(own => (Encoding.UTF8.GetBytes(own.Name), own.Field))];
    }

    /// <summary>The types of the events that complete a stream.</summary>
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

    /// <summary>Whether the stream is complete with an event of this type.</summary>
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
    /// <summary>Each report replaces the figures before it.</summary>
    Latest,

    /// <summary>The report at the start has the input and placeholders for the output; a later one has all of the output.</summary>
    InputFirst,

    /// <summary>Only the final event counts.</summary>
    FinalOnly,

    /// <summary>Each response of several reports its own.</summary>
    Sum,
}
