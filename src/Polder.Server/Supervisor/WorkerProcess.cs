using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipes;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Polder.Server.Hosting;
using Polder.Server.Supervisor.Native;

namespace Polder.Server.Supervisor;

/// <summary>
/// The processes of one worker: its program in a process group of its own, with three pipes. When the program ends,
/// what is left of its group ends too, so that a shell or a build tool in between leaves no orphan.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int PassedDescriptor = 3;
    private static readonly TimeSpan OrphansLook = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OrphansWait = TimeSpan.FromSeconds(10);

    private readonly AnonymousPipeServerStream _input = new(PipeDirection.Out, HandleInheritability.None);
    private readonly Lock _lock = new();
    private readonly Action<string> _line;
    private readonly Action<string> _exited;
    private readonly Action _gone;
    private readonly Guard? _guard;
    private string? _news;
    private bool _isWriting;
    private bool _isGone;

    /// <summary>Starts the program.</summary>
    /// <param name="command">The program.</param>
    /// <param name="listener">The descriptor of the listening socket; -1 passes none.</param>
    /// <param name="variables">Variables of the protocol.</param>
    /// <param name="line">Called with each line that it writes.</param>
    /// <param name="exited">Called when the program itself has ended, with how.</param>
    /// <param name="gone">Called when nothing of it is left.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public WorkerProcess(
        WorkerCommand command,
        int listener,
        IReadOnlyDictionary<string, string> variables,
        Action<string> line,
        Action<string> exited,
        Action gone)
    {
        _line = line;
        _exited = exited;
        _gone = gone;
        AnonymousPipeServerStream output = new(PipeDirection.In, HandleInheritability.None);
        AnonymousPipeServerStream error = new(PipeDirection.In, HandleInheritability.None);
        Id = Posix.Spawn(
            command.Arguments,
            EnvironmentOf(command, listener >= 0, variables),
            command.Folder,
            [Descriptor(_input), Descriptor(output), Descriptor(error), listener]);
        _input.DisposeLocalCopyOfClientHandle();
        output.DisposeLocalCopyOfClientHandle();
        error.DisposeLocalCopyOfClientHandle();
        _guard = command.IsForeign ? new Guard(Id) : null;
        OnThread(() => Read(output));
        OnThread(() => Read(error));
        OnThread(Wait);
    }

    /// <summary>The id of the program and of its group.</summary>
    public int Id { get; }

    /// <summary>Sends a signal to every process of the group that is left.</summary>
    public void Signal(int signal)
    {
        lock (_lock)
        {
            // Once it is gone the number may be somebody else's.
            if (!_isGone)
            {
                Posix.SignalGroup(Id, signal);
            }
        }
    }

    /// <summary>Tells the worker news; of several that it has not read yet only the last.</summary>
    public void Tell(string news)
    {
        lock (_lock)
        {
            _news = news;
            if (_isWriting || _isGone)
            {
                return;
            }

            _isWriting = true;
        }

        // A program that never reads its input would block whoever writes to it: so it is a thread of its own.
        OnThread(WriteNews);
    }

    public void Dispose()
    {
        _guard?.Dispose();
        _input.Dispose();
    }

    private static void OnThread(Action action) => Task.Factory.StartNew(
        action,
        CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default);

    private static int Descriptor(AnonymousPipeServerStream pipe) =>
        (int)pipe.ClientSafePipeHandle.DangerousGetHandle();

    private static Dictionary<string, string> EnvironmentOf(
        WorkerCommand command, bool passes, IReadOnlyDictionary<string, string> variables)
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        // What this process was passed is not its workers'.
        environment.Remove(PassedSocket.Count);
        environment.Remove(PassedSocket.Process);
        environment.Remove(PassedSocket.Names);
        environment.Remove(PassedSocket.First);
        environment.Remove(ServiceNotice.Variable);
        if (passes)
        {
            // Without LISTEN_PID, which nobody knows before the program runs; unset means "for whoever reads it".
            environment[PassedSocket.Count] = "1";
            environment[PassedSocket.Names] = "polder-http";
            environment[PassedSocket.First] = $"{PassedDescriptor}";
        }

        environment[SupervisorLine.Variable] = $"{Environment.ProcessId}";
        foreach ((string name, string value) in command.Environment)
        {
            environment[name] = value;
        }

        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }

        return environment;
    }

    private void Read(Stream stream)
    {
        using StreamReader reader = new(stream, Encoding.UTF8);
        try
        {
            while (reader.ReadLine() is string line)
            {
                _line(line);
            }
        }
        catch (IOException)
        {
            // The same as its end.
        }
    }

    private void WriteNews()
    {
        while (true)
        {
            string news;
            lock (_lock)
            {
                if (_news is null || _isGone)
                {
                    _isWriting = false;
                    return;
                }

                (news, _news) = (_news, null);
            }

            try
            {
                _input.Write(Encoding.UTF8.GetBytes(news + "\n"));
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // It reads no more; its end is told elsewhere.
            }
        }
    }

    private void Wait()
    {
        string? how = null;
        while (Posix.Wait(Id, out int status) is int process and > 0)
        {
            if (process == Id)
            {
                how = Describe(status);
                _exited(how);
                Posix.SignalGroup(Id, Posix.Terminate);
            }
        }

        if (how is null)
        {
            _exited("ended");
        }

        // Where orphans are not ours to wait for, look until there is none.
        TimeSpan waited = TimeSpan.Zero;
        while (waited < OrphansWait && Posix.SignalGroup(Id, 0))
        {
            Posix.SignalGroup(Id, waited > OrphansWait / 2 ? Posix.KillSignal : Posix.Terminate);
            using ManualResetEventSlim pause = new();
            pause.Wait(OrphansLook);
            waited += OrphansLook;
        }

        lock (_lock)
        {
            _isGone = true;
        }

        _gone();
    }

    private static string Describe(int status)
    {
        int signal = status & 0x7f;
        return signal == 0 ? $"ended with exit code {(status >> 8) & 0xff}" : $"was ended by signal {signal}";
    }
}
