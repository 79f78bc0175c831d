using System;

namespace Polder.Storage;

/// <summary>How a store failed.</summary>
public enum StoreFailure
{
    /// <summary>No object of that name.</summary>
    NotFound,

    /// <summary>The store refused this user.</summary>
    NoPermission,

    /// <summary>The store has no room.</summary>
    Full,

    /// <summary>A definite failure of another kind: nothing was written.</summary>
    Failed,

    /// <summary>A write may or may not have landed.</summary>
    Unknown,
}

/// <summary>A store could not do what it was asked.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="failure">The kind.</param>
    /// <param name="location">Root and path, as a person would look it up.</param>
    /// <param name="message">One sentence: what was tried and what the store said.</param>
    /// <param name="innerException">The store's own error.</param>
    public StoreException(StoreFailure failure, string location, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        Location = location;
    }

    /// <summary>The kind of failure.</summary>
    public StoreFailure Failure { get; }

    /// <summary>Root and path of the object.</summary>
    public string Location { get; }
}
