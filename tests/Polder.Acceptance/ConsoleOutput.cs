using Xunit;

namespace Polder.Acceptance;

/// <summary>Tests that catch what a sample prints: one at a time, for the console is one for the whole process.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleOutput
{
    /// <summary>The collection's name.</summary>
    public const string Name = "The console";
}
