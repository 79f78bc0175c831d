namespace Polder.Expressions;

/// <summary>What statistics say of rows and a condition.</summary>
public enum PruneResult
{
    /// <summary>Some row may satisfy the condition, or nothing is known: read them.</summary>
    Keep,

    /// <summary>No row can satisfy the condition.</summary>
    Skip,
}
