using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Tests.Settings;

public sealed class OpenableAddressTests
{
    [Theory]
    [InlineData("http://[::]:8080", "http://localhost:8080")]
    [InlineData("https://0.0.0.0:443", "https://localhost:443")]
    [InlineData("http://127.0.0.1:5080/", "http://127.0.0.1:5080")]
    [InlineData("http://localhost:5080", "http://localhost:5080")]
    public void What_is_printed_can_be_opened_in_a_browser(string listening, string openable) =>
        Assert.Equal(openable, OpenableAddress.Openable(listening));
}
