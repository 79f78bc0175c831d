using System;
using System.Collections.Generic;
using System.Globalization;

namespace Polder.Server.Hosting;

/// <summary>
/// A listening socket that this process was started with, by systemd's protocol (sd_listen_fds(3)) with the extension
/// LISTEN_FDS_FIRST_FD for parents that cannot free descriptor 3.
/// </summary>
/// <param name="Descriptor">The file descriptor.</param>
/// <param name="Name">Its name in LISTEN_FDNAMES, where there is one.</param>
internal sealed record PassedSocket(int Descriptor, string? Name)
{
    public const string Count = "LISTEN_FDS";
    public const string Process = "LISTEN_PID";
    public const string Names = "LISTEN_FDNAMES";
    public const string First = "LISTEN_FDS_FIRST_FD";

    private const int FirstByDefault = 3;
    private const int MostSockets = 64;

    /// <summary>What the environment of this process passes.</summary>
    public static IReadOnlyList<PassedSocket> OfThisProcess() =>
        Parse(Environment.GetEnvironmentVariable, Environment.ProcessId);

    /// <summary>What an environment passes to a process; nothing where it means another process.</summary>
    /// <exception cref="InvalidOperationException">A variable is not what the protocol says.</exception>
    public static IReadOnlyList<PassedSocket> Parse(Func<string, string?> variable, int processId)
    {
        if (variable(Count) is not { Length: > 0 } countText)
        {
            return [];
        }

        // A shell in between changes the process and not the variable: then the sockets were for somebody else.
        // Unset means that the parent could not know the number, and is accepted.
        if (variable(Process) is { Length: > 0 } process && Number(Process, process) != processId)
        {
            return [];
        }

        int count = Number(Count, countText);
        if (count > MostSockets)
        {
            throw new InvalidOperationException($"{Count} is {count}, more than {MostSockets} sockets");
        }

        int first = variable(First) is { Length: > 0 } firstText ? Number(First, firstText) : FirstByDefault;
        string[] names = variable(Names)?.Split(':') ?? [];
        List<PassedSocket> sockets = [];
        for (int index = 0; index < count; index++)
        {
            string? name = index < names.Length && names[index].Length > 0 ? names[index] : null;
            sockets.Add(new PassedSocket(first + index, name));
        }

        return sockets;
    }

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new InvalidOperationException($"{name} is '{text}', not a number");
}
