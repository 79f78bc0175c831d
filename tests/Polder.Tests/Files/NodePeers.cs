using System;
using System.Diagnostics;
using System.IO;
using Polder.Tests.Architecture;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>
/// Writers and readers of Parquet that come from npm: arrow-rs (parquet-wasm), polars, hyparquet. <c>./test</c>
/// installs them; without Node their tests are skipped, and with CI=true they fail.
/// </summary>
internal static class NodePeers
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "peers");

    /// <summary>Runs a script of <c>tests/peers</c> on a folder.</summary>
    public static void Run(string script, string folder)
    {
        bool isInstalled = Directory.Exists(Path.Combine(Folder, "node_modules"));
        const string Missing = "tests/peers has no node_modules: run ./test with Node.js and npm installed";
        Assert.SkipWhen(!isInstalled && Environment.GetEnvironmentVariable("CI") != "true", Missing);
        Assert.True(isInstalled, Missing);
        ProcessStartInfo start = new("node", [Path.Combine(Folder, script), folder])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process node = Process.Start(start)!;
        string errors = node.StandardError.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, $"{script}: {errors}");
    }
}
