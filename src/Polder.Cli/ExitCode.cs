namespace Polder.Cli;

/// <summary>How a command ended, for the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Conflict = 3;
    public const int Cancelled = 130;
}
