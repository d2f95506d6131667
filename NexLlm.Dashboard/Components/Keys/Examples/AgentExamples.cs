using static NexLlm.Dashboard.Components.Keys.Examples.FirstRequest;
using static NexLlm.Dashboard.Components.Keys.Examples.Snippet;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>Coding agents for the terminal. Each text runs in a POSIX shell and starts the agent.</summary>
internal static class AgentExamples
{
    /// <summary>It adds <c>/v1</c> itself. A key of Anthropic's own in the shell would be sent beside ours.</summary>
    public static Snippet ClaudeCode(string baseUrl, string? model, string key) => model is null ? Unavailable("Claude Code", "Messages") : new(
        "Claude Code",
        $"""
        unset ANTHROPIC_API_KEY
        export ANTHROPIC_BASE_URL={InShell(baseUrl[..^"/v1".Length])}
        export ANTHROPIC_AUTH_TOKEN={InShell(key)}
        export ANTHROPIC_MODEL={InShell(model)}
        export ANTHROPIC_DEFAULT_OPUS_MODEL="$ANTHROPIC_MODEL"
        export ANTHROPIC_DEFAULT_SONNET_MODEL="$ANTHROPIC_MODEL"
        export ANTHROPIC_DEFAULT_HAIKU_MODEL="$ANTHROPIC_MODEL"
        claude
        """,
        "Run in a terminal. To keep the settings, add the exports to your shell profile.");

    /// <summary>In a profile of its own, so that nothing of the person's configuration is overwritten.</summary>
    public static Snippet Codex(string baseUrl, string? model, string key) => model is null ? Unavailable("Codex", "Responses") : new(
        "Codex",
        $"""
        mkdir -p ~/.codex
        cat > ~/.codex/nexllm.config.toml <<'EOF'
        model = {Quoted(model)}
        model_provider = "nexllm"

        [model_providers.nexllm]
        name = "NexLLM"
        base_url = {Quoted(baseUrl)}
        env_key = "NEXLLM_API_KEY"
        wire_api = "responses"
        EOF
        export NEXLLM_API_KEY={InShell(key)}
        codex --profile nexllm
        """,
        "Run in a terminal. It adds a profile and leaves config.toml unchanged.");
}
