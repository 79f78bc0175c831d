using System.CommandLine;
using System.IO;

namespace Polder.Cli;

/// <summary>Arguments and options that <c>serve</c> and <c>dev</c> share.</summary>
internal sealed class ServerOptions
{
    public const int DefaultPort = 7070;

    public Argument<string> Folder { get; } = new("DIR")
    {
        Description = "The folder of the site.",
        DefaultValueFactory = _ => ".",
    };

    public Option<string> Warehouse { get; } = new("--warehouse")
    {
        Description = "The folder whose subfolders are the tables (DIR/warehouse).",
        HelpName = "DIR",
    };

    public Option<int> Port { get; } = new("--port")
    {
        Description = "The port on this machine; 0 takes any free one.",
        HelpName = "P",
        DefaultValueFactory = _ => DefaultPort,
    };

    /// <summary>The port that was asked for.</summary>
    public int PortOf(ParseResult parsed) => parsed.GetValue(Port) is >= 0 and <= ushort.MaxValue and int port
        ? port
        : throw new UsageException("--port takes a number from 0 to 65535");

    /// <summary>The folder that was asked for, as a full path.</summary>
    public string FolderOf(ParseResult parsed)
    {
        string folder = Path.GetFullPath(parsed.GetValue(Folder)!);
        return Directory.Exists(folder)
            ? folder
            : throw new UsageException($"the folder '{parsed.GetValue(Folder)}' does not exist");
    }
}
