using System.Text.Json;

namespace NexLlm.Dashboard.Channels.Tokens;

/// <summary>Tells media in a prompt from text while its tokens are read in order.</summary>
internal struct MediaFinder
{
    private enum Name
    {
        Other,
        Address,
        Data,
        File,
    }

    private const int None = int.MaxValue;

    private Name _name;

    // The depths of names: of one whose object holds media as its data, and of one below which all is a tool's own.
    private int _holder = None;
    private int _tool = None;

    public MediaFinder()
    {
    }

    /// <summary>At each name of a property.</summary>
    public void Enter(in Utf8JsonReader name)
    {
        var depth = name.CurrentDepth;
        _tool = depth <= _tool ? None : _tool;
        _holder = depth <= _holder ? None : _holder;
        _name = name.ValueTextEquals("url"u8) || name.ValueTextEquals("image_url"u8) ? Name.Address
            : name.ValueTextEquals("file_data"u8) ? Name.File
            : name.ValueTextEquals("data"u8) && _holder == depth - 1 ? Name.Data
            : Name.Other;
        if (name.ValueTextEquals("source"u8) || name.ValueTextEquals("input_audio"u8))
        {
            _holder = depth;
        }

        // What a model hands to a tool is text to it, whatever it looks like.
        if (_tool is None && name.ValueTextEquals("input"u8))
        {
            _tool = depth;
        }
    }

    /// <summary>Whether a string is a medium: a picture, a sound or a file, in base64 or as a <c>data:</c> address.</summary>
    public readonly bool Holds(in Utf8JsonReader text) => _tool is None && _name switch
    {
        Name.Address => text.ValueSpan.StartsWith("data:"u8),
        Name.Data or Name.File => true,
        Name.Other => false,
    };
}
