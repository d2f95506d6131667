namespace NexLlm.Dashboard.Data;

/// <summary>Whether the disk under the database may fill within moments.</summary>
internal sealed class FreeSpace
{
    /// <summary>No disk takes so much within the quarter of a second for which a commit proves that the next one works.</summary>
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
            // A share of the network, of which Windows tells nothing.
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
