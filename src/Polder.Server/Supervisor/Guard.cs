using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipes;
using Polder.Server.Supervisor.Native;

namespace Polder.Server.Supervisor;

/// <summary>
/// A shell that waits for the end of its input and then ends a process group: so that a program which does not read
/// its own input does not outlive a supervisor that was killed.
/// </summary>
internal sealed class Guard : IDisposable
{
    private const string Script =
        "exec 2>/dev/null; read -r line; kill -s TERM -- \"-$0\"; sleep 2; kill -s KILL -- \"-$0\"";

    private readonly AnonymousPipeServerStream _line = new(PipeDirection.Out, HandleInheritability.None);
    private readonly int _process;

    public Guard(int group)
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        _process = Posix.Spawn(
            ["/bin/sh", "-c", Script, $"{group}"],
            environment,
            Path.GetTempPath(),
            [(int)_line.ClientSafePipeHandle.DangerousGetHandle()]);
        _line.DisposeLocalCopyOfClientHandle();
    }

    /// <summary>Ends the guard; the group is left alone.</summary>
    public void Dispose()
    {
        Posix.SignalGroup(_process, Posix.KillSignal);
        while (Posix.Wait(_process, out _) > 0)
        {
            // Until nothing of it is left.
        }

        _line.Dispose();
    }
}
