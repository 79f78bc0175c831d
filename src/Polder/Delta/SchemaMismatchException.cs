using System;
using System.Collections.Generic;

namespace Polder.Delta;

/// <summary>Rows do not have the columns of the table that they were to be written to. Nothing was written.</summary>
public sealed class SchemaMismatchException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="location">The table.</param>
    /// <param name="differences">Each difference in a few words.</param>
    public SchemaMismatchException(string location, IReadOnlyList<string> differences)
        : base($"the rows do not fit {location}: {string.Join("; ", differences)}")
    {
        Differences = differences;
    }

    /// <summary>Each difference in a few words.</summary>
    public IReadOnlyList<string> Differences { get; }
}

/// <summary>A change would break a rule of the table: NOT NULL, or append-only. Nothing was committed.</summary>
public sealed class ConstraintViolationException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ConstraintViolationException(string message)
        : base(message)
    {
    }
}
