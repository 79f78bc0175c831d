using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Polder.Server.Supervisor.Native;

/// <summary>
/// The calls that passing a socket needs and the base library does not give: a child in a process group of its own,
/// with chosen descriptors and signals as they are by default (<c>posix_spawn</c>), <c>kill</c> of such a group, and
/// <c>waitpid</c> for it. Sound: every buffer is larger than any libc's structure and outlives the call.
/// </summary>
internal static unsafe partial class Posix
{
    public const int Terminate = 15;
    public const int KillSignal = 9;

    private const int NoSuchProcess = 3;
    private const int Interrupted = 4;
    private const short SetProcessGroup = 2;
    private const short SetSignalDefaults = 4;
    private const short SetSignalMask = 8;
    private const int SetChildSubreaper = 36;
    private const int StructureBytes = 1024;

    // SIGINT, SIGQUIT, SIGPIPE, SIGTERM: a child of "&", nohup or CI may have inherited them ignored, and the runtime
    // itself ignores SIGPIPE. SIGHUP stays: nohup means it.
    private static readonly int[] DefaultSignals = [2, 3, 13, Terminate];

    /// <summary>Makes this process the parent of its workers' orphans, so that it can wait for them (Linux).</summary>
    public static void AdoptOrphans()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Control(SetChildSubreaper, 1, 0, 0, 0);
        }
    }

    /// <summary>Starts a program as the leader of a new process group; returns its id, which is the group's.</summary>
    /// <param name="arguments">The program and its arguments; looked up in PATH.</param>
    /// <param name="environment">All of its environment.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="descriptors">What its descriptors 0, 1, 2, … are; -1 leaves one as it is.</param>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    public static int Spawn(
        IReadOnlyList<string> arguments,
        IEnumerable<KeyValuePair<string, string>> environment,
        string folder,
        ReadOnlySpan<int> descriptors)
    {
        byte* actions = stackalloc byte[StructureBytes];
        byte* attributes = stackalloc byte[StructureBytes];
        byte* signals = stackalloc byte[StructureBytes];
        List<string> variables = [];
        foreach ((string name, string value) in environment)
        {
            variables.Add($"{name}={value}");
        }

        using TextArray argumentArray = new(arguments);
        using TextArray environmentArray = new(variables);
        Check(InitActions(actions), arguments[0]);
        Check(InitAttributes(attributes), arguments[0]);
        try
        {
            for (int target = 0; target < descriptors.Length; target++)
            {
                if (descriptors[target] >= 0)
                {
                    Check(AddDuplicate(actions, descriptors[target], target), arguments[0]);
                }
            }

            Check(AddFolder(actions, folder), folder);
            _ = EmptySignals(signals);
            Check(SetMask(attributes, signals), arguments[0]);
            foreach (int signal in DefaultSignals)
            {
                _ = AddSignal(signals, signal);
            }

            Check(SetDefaults(attributes, signals), arguments[0]);
            Check(SetGroup(attributes, 0), arguments[0]);
            Check(SetFlags(attributes, SetProcessGroup | SetSignalDefaults | SetSignalMask), arguments[0]);
            Check(
                SpawnProgram(
                    out int process, arguments[0], actions, attributes, argumentArray.Start, environmentArray.Start),
                arguments[0]);
            return process;
        }
        finally
        {
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
        }
    }

    /// <summary>Signals every process of a group; says whether there was one.</summary>
    public static bool SignalGroup(int group, int signal) =>
        Kill(-group, signal) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    /// <summary>
    /// Waits until a child of a group ends. Returns its id and how it ended, or 0 where no child of the group is left.
    /// </summary>
    public static int Wait(int group, out int status)
    {
        while (true)
        {
            int process = WaitFor(-group, out status, 0);
            if (process > 0)
            {
                return process;
            }

            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return 0;
            }
        }
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new Win32Exception(error, $"'{what}' cannot be started: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitFor(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    private static partial int AddSignal(byte* signals, int signal);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int source, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np",
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddFolder(byte* actions, string folder);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int SetGroup(byte* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnProgram(
        out int process, string file, byte* actions, byte* attributes, byte** arguments, byte** environment);

    /// <summary>Texts as C has them: an array of pointers with a null at its end.</summary>
    private readonly struct TextArray : IDisposable
    {
        private readonly int _count;

        public TextArray(IReadOnlyList<string> texts)
        {
            _count = texts.Count;
            Start = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (int index = 0; index < _count; index++)
            {
                int sizeBytes = Encoding.UTF8.GetByteCount(texts[index]);
                Start[index] = (byte*)NativeMemory.AllocZeroed((nuint)sizeBytes + 1);
                Encoding.UTF8.GetBytes(texts[index], new Span<byte>(Start[index], sizeBytes));
            }
        }

        public byte** Start { get; }

        public void Dispose()
        {
            for (int index = 0; index < _count; index++)
            {
                NativeMemory.Free(Start[index]);
            }

            NativeMemory.Free(Start);
        }
    }
}
