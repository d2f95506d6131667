namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Detects whether the database's disk could fill up within moments.</summary>
internal sealed class FreeSpace
{
    /// <summary>More than any disk can write in a quarter of a second, the time for which a successful commit vouches for the next.</summary>
    internal const long Plenty = 1L << 30;

    private readonly DriveInfo? _disk;

    public FreeSpace(string folder)
    {
        try
        {
            _disk = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder);
        }
        catch (ArgumentException)
        {
            // A network share, for which Windows reports no free space.
        }
    }

    public bool IsLow()
    {
        try
        {
            return _disk is null || _disk.AvailableFreeSpace < Plenty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
