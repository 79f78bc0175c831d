using System;
using System.Diagnostics;
using System.IO;

namespace Polder.Tests;

/// <summary>These tests once more in a process of their own, under another environment.</summary>
internal static class TestLeg
{
    /// <summary>Some test classes; output redirected, environment for the caller to set.</summary>
    public static ProcessStartInfo Of(params string[] classes)
    {
        // The tests run by the dotnet host, or as the program that is built beside them (under dotnet test).
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(TestLeg).Assembly.Location);
        }

        start.ArgumentList.Add("--filter-class");
        foreach (string name in classes)
        {
            start.ArgumentList.Add(name);
        }

        return start;
    }
}
