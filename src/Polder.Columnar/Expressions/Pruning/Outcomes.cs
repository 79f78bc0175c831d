using System;

namespace Polder.Expressions.Pruning;

/// <summary>What a condition may come to over some rows.</summary>
[Flags]
internal enum Outcomes
{
    None = 0,
    True = 1,
    False = 2,
    Null = 4,
    Any = True | False | Null,
}
