using static NexLlm.Dashboard.Components.Keys.Examples.FirstRequest;
using static NexLlm.Dashboard.Components.Keys.Examples.Snippet;

namespace NexLlm.Dashboard.Components.Keys.Examples;

/// <summary>Coding agents for the terminal. Each text runs in a POSIX shell and starts the agent.</summary>
internal static class AgentExamples
{
    /// <summary>Claude Code adds <c>/v1</c> itself. An Anthropic key in the shell's environment would be sent as well.</summary>
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

    /// <summary>Uses a separate profile, so that the user's configuration is not overwritten.</summary>
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
