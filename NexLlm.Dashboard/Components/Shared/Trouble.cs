namespace NexLlm.Dashboard.Components.Shared;

/// <summary>What a page says in place of what it could not load.</summary>
public static class Trouble
{
    public const string KeysKeepWorking = "Something went wrong on our side. Your keys keep working.";

    public const string RequestsAreFine = "Something went wrong on our side. Requests are not affected.";
}
