using Xunit;

namespace Polder.Acceptance;

/// <summary>Tests that catch what a sample prints: one at a time, for a process has one console.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleOutput
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The console";
}
