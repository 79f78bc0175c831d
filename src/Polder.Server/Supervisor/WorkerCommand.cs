using System.Collections.Generic;

namespace Polder.Server.Supervisor;

/// <summary>How a worker is started.</summary>
/// <param name="Arguments">The program and its arguments.</param>
/// <param name="Folder">Its working folder.</param>
/// <param name="IsForeign">
/// Whether it is somebody else's program: it may know nothing of READY=1 nor of standard input as a line of life.
/// </param>
internal sealed record WorkerCommand(IReadOnlyList<string> Arguments, string Folder, bool IsForeign)
{
    /// <summary>Variables beside those of the protocol.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What a shell would run.</summary>
    public static WorkerCommand Shell(string text, string folder) =>
        new(["/bin/sh", "-c", text], folder, IsForeign: true)
        {
            // Servers that builds leave behind would inherit the listening socket and hold the port for good.
            Environment = new Dictionary<string, string>
            {
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["UseSharedCompilation"] = "false",
                ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            },
        };
}
