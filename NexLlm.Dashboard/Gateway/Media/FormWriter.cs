using System.Buffers;
using System.Text;

namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>Writes the upstream form: the validated fields with new headers, a new boundary and the provider's model name.</summary>
internal static class FormWriter
{
    private const int HeaderBytes = 512;

    /// <param name="body">The body the form was read from.</param>
    public static void Write(MultipartForm form, ReadOnlySpan<byte> body, string boundary, string upstreamModel, IBufferWriter<byte> to)
    {
        // Grows once, because repeated doubling would hold the body three times.
        to.GetSpan(body.Length + (form.Fields.Count * HeaderBytes));
        foreach (var field in form.Fields)
        {
            Text($"--{boundary}\r\nContent-Disposition: form-data; name=\"{field.Name}\"", to);
            if (field.IsFile)
            {
                Text($"; filename=\"{field.FileName}\"\r\nContent-Type: {field.ContentType}", to);
            }

            to.Write("\r\n\r\n"u8);
            if (field.Name == "model")
            {
                Text(upstreamModel, to);
            }
            else
            {
                to.Write(body[field.Value]);
            }

            to.Write("\r\n"u8);
        }

        Text($"--{boundary}--\r\n", to);
    }

    private static void Text(string text, IBufferWriter<byte> to) =>
        to.Advance(Encoding.UTF8.GetBytes(text, to.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
